"""Addresses of the desk that several floors compose."""

from django.urls import path

from . import pages

desk_urls = [
    path("csdl/<database_code:code>/", pages.database_file, name="desk-database"),
    path("csdl/<database_code:code>/lich-su/", pages.database_history, name="desk-database-history"),
    path("tim/", pages.find, name="desk-search"),
    path("them/", pages.more, name="desk-more"),
    path("he-thong/", pages.system, name="desk-system"),
]
