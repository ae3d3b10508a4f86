from django.db import migrations

from lienthong.foundation.events.sealing import seal, unseal


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(seal, unseal)]
