from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "lienthong.foundation.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lienthong.foundation.workflow import spare_historic_models

        spare_historic_models()
