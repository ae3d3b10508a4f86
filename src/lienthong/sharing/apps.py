from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "lienthong.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lienthong.foundation.papers.kinds import register

        from .paper_kinds import KINDS

        register(*KINDS)
