from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "lienthong.api"
    label = "api"
