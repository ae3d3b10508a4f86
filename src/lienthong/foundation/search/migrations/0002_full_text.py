from django.db import migrations

from lienthong.foundation.search.full_text import build, tear_down


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(build, tear_down)]
