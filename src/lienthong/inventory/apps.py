from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "lienthong.inventory"
    label = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lienthong.foundation.papers.kinds import register

        from .paper_kinds import KINDS

        register(*KINDS)
