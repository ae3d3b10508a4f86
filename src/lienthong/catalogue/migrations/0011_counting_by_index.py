from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_list_in_parts")]
    operations = [
        migrations.RemoveIndex("database", "database_tier_sort"),
        migrations.RemoveIndex("database", "database_entry_sort"),
        migrations.AddIndex("database", models.Index(fields=["tier", "sort_key", "id", "is_secret"], name="database_tier_sort")),
        migrations.AddIndex("database", models.Index(fields=["entry_state", "sort_key", "id", "is_secret"], name="database_entry_sort")),
    ]
