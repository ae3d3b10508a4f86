import django.db.models.deletion
from django.db import migrations, models

from lienthong.foundation.text import in_words


def spell(apps, schema_editor):
    databases = apps.get_model("catalogue", "Database").objects
    some = []
    for database in databases.only("name", "name_en", "code").iterator(chunk_size=1000):
        database.folded = in_words(f"{database.name} {database.name_en} {database.code}")
        some.append(database)
        if len(some) == 1000:
            databases.bulk_update(some, ["folded"])
            some = []
    databases.bulk_update(some, ["folded"])


def part(apps, schema_editor):
    Entry = apps.get_model("catalogue", "IssuedEntry")
    for catalogue in apps.get_model("catalogue", "IssuedCatalogue").objects.iterator(chunk_size=20):
        Entry.objects.bulk_create(
            (
                Entry(catalogue=catalogue, place=place, code=entry["code"], entry=entry)
                for place, entry in enumerate(catalogue.entries)
            ),
            batch_size=500,
        )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_portal_registration")]
    operations = [
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.RemoveIndex("database", "database_state_sort"),
        migrations.AddIndex("database", models.Index(fields=["owner", "is_secret", "sort_key", "id", "tier", "entry_state"], name="database_owner_sort")),
        migrations.AddIndex("database", models.Index(fields=["managing_unit", "is_secret", "owner", "id"], name="database_unit_owner")),
        migrations.CreateModel(
            name="IssuedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("entry", models.JSONField()),
                ("catalogue", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="catalogue.issuedcatalogue")),
            ],
            options={
                "ordering": ["place"],
                "constraints": [models.UniqueConstraint(fields=("catalogue", "place"), name="one_entry_at_a_place")],
            },
        ),
        migrations.RunPython(part, migrations.RunPython.noop),
        migrations.RemoveField("issuedcatalogue", "entries"),
    ]
