from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "lienthong.demo"
    label = "demo"
