from django.db import migrations


class Migration(migrations.Migration):
    # The index that was built here is built by the next step, with more columns.
    dependencies = [("search", "0001_initial")]
    operations: list = []
