"""The page kit as Django knows it."""

from django.apps import AppConfig


class PagekitConfig(AppConfig):
    name = "lienthong.foundation.pagekit"
    label = "pagekit"
    verbose_name = "Page kit"
