"""For builders: Django's own commands (`makemigrations`, `shell`). Officers use `lienthong`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.testing")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
