"""Public addresses that several floors compose."""

from django.urls import path

from . import pages

portal_urls = [
    path("", pages.home, name="portal-home"),
    path("tim-kiem/", pages.find, name="portal-search"),
    path("co-quan/<str:code>/", pages.agency, name="agencies-public"),
    path("so-do/", pages.site_map, name="portal-site-map"),
    path("tro-giup/", pages.help_page, name="portal-help"),
]
