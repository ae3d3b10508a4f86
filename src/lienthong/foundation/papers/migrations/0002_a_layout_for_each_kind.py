"""One layout stood for several papers; now each kind of paper has its own."""

from django.db import migrations

SPLIT = {
    "inventory": ("inventory.record", "inventory.report"),
    "national_dossier": (
        "catalogue.national_explanation",
        "catalogue.national_letter",
        "catalogue.national_list",
    ),
}


def split(apps, _schema_editor):
    template = apps.get_model("papers", "PaperTemplate")
    for before, (first, *others) in SPLIT.items():
        for row in template.objects.filter(kind=before):
            for kind in others:
                template.objects.create(
                    kind=kind,
                    owner_kind=row.owner_kind,
                    owner_id=row.owner_id,
                    file=row.file,
                    placed_at=row.placed_at,
                    placed_by=row.placed_by,
                    withdrawn_at=row.withdrawn_at,
                )
            row.kind = first
            row.save(update_fields=["kind"])


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
