from django.apps import AppConfig


class HoldsConfig(AppConfig):
    name = "lienthong.foundation.holds"
    label = "holds"
    default_auto_field = "django.db.models.BigAutoField"
