from django.db import migrations, models

from lienthong.foundation.search.full_text import audience_words, build, tear_down
from lienthong.foundation.text import words


def fill(apps, schema_editor):
    Entry = apps.get_model("search", "Entry")
    some = []
    for entry in Entry.objects.iterator(chunk_size=1000):
        entry.names = " ".join(words(entry.title))
        entry.audience = " ".join(
            audience_words(
                entry.kind,
                is_public=entry.is_public,
                units=[one for one in entry.units.split("|") if one],
                keepers=[one for one in entry.keepers.split("|") if one],
            )
        )
        some.append(entry)
        if len(some) == 1000:
            Entry.objects.bulk_update(some, ["names", "audience"])
            some = []
    Entry.objects.bulk_update(some, ["names", "audience"])


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]
    operations = [
        migrations.RunPython(tear_down, migrations.RunPython.noop),
        migrations.AddField("entry", "names", models.TextField(default="", editable=False)),
        migrations.AddField("entry", "audience", models.TextField(default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(build, tear_down),
    ]
