"""The running product with one more app, whose jobs the tests interrupt."""

from lienthong.settings.product import *  # noqa: F403
from lienthong.settings.product import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "lienthong.foundation.jobs.tests.probe"]
