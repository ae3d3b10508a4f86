from django.apps import AppConfig
from django.urls import register_converter


class CatalogueConfig(AppConfig):
    name = "lienthong.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .addresses import DatabaseCode

        register_converter(DatabaseCode, "database_code")  # type: ignore[arg-type]
        from lienthong.foundation.papers.kinds import register

        from .paper_kinds import KINDS

        register(*KINDS)
