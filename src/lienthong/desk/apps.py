from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lienthong.desk"
    label = "desk"
