"""Tables for an empty database, made from the models at once.

Django plays every step of every app's history and draws all models anew at each: 3.4 s of the first start, and more
with every app. On an empty database the end is known: the tables of the models, and what the steps run besides. A
test holds the two ways together; where this one fails, the ordinary one is taken.
"""

from __future__ import annotations

import structlog
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.recorder import MigrationRecorder

log = structlog.get_logger(__name__)

# Steps whose whole effect stands in the models.
_IN_THE_MODELS = (
    operations.models.ModelOperation,
    operations.fields.FieldOperation,
    operations.models.IndexOperation,
)


def make_first_tables(executor: MigrationExecutor) -> bool:
    """Make all tables of an empty database; False where it is not empty, or this way does not do."""
    if connection.introspection.table_names():
        return False
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    stepwise = {migration.app_label for migration in plan}
    besides = [_besides(migration) for migration in plan]
    if any(steps is None for steps in besides):
        return False
    emit_pre_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    try:
        with connection.schema_editor(atomic=True) as editor:
            for model in apps.get_models():
                if model._meta.app_label in stepwise and model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
            for steps in besides:
                for step in steps or ():
                    if isinstance(step, operations.RunPython):
                        step.code(apps, editor)  # type: ignore[arg-type]
                    else:
                        step._run_sql(editor, step.sql)  # type: ignore[attr-defined]
            recorder = MigrationRecorder(connection)
            recorder.ensure_schema()
            for migration in plan:
                recorder.record_applied(migration.app_label, migration.name)
    except Exception as error:
        log.warning("first_tables_not_made", kind=type(error).__name__)
        return False
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    return True


def _besides(migration: Migration) -> list[operations.base.Operation] | None:
    """What a migration runs besides changing models; None for a kind of step that is not known here.

    What libraries run converts the rows of their older tables: there are none.
    """
    own = type(migration).__module__.startswith("lienthong.")
    found: list[operations.base.Operation] = []
    for step in migration.operations:
        if isinstance(step, (operations.RunPython, operations.RunSQL)):
            found += [step] if own else []
        elif not isinstance(step, _IN_THE_MODELS):
            return None
    return found
