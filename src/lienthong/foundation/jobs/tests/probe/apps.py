from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "lienthong.foundation.jobs.tests.probe"
    label = "probe"
