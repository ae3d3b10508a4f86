"""Many databases or columns amended at once: tried first, told row by row, then done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError, InputRefused, NotAllowed
from lienthong.foundation.lists.reports import CHANGED, REFUSED, UNCHANGED, ListLine, ListReport
from lienthong.foundation.tracing import carries

from .. import rules
from ..access import may_register, require_owner
from ..errors import FieldUnknown, NothingAmended
from ..models import Database, DataField
from .databases import amend_database
from .fields import choose_code_list, describe_field

TOGETHER = frozenset(
    {
        "tier", "local_base", "personal_data", "layers", "core_domain", "catalogue_part", "criticality",
        "criticality_decision", "criticality_date", "is_mandatory", "mandatory_item", "specialised_rules",
        "legal_basis",
    }
)  # fmt: skip
"""What can be said of many databases at once."""

FIELD_LABELS: dict[str, rules.Label] = {
    "sharing_class": ("nhóm chia sẻ", "sharing class"),
    "classed_on": ("ngày phân loại", "day of classing"),
    "user_groups": ("đối tượng khai thác", "users"),
    "personal_data": ("dữ liệu cá nhân", "personal data"),
    "criticality": ("mức độ quan trọng", "criticality"),
    "is_original": ("dữ liệu gốc", "original data"),
    "code_list": ("danh mục dùng chung", "code list"),
    "master_item": ("dữ liệu chủ", "master data"),
}


@carries("CAT-01", "CAT-06", "LDL-07", "GOVF-01")
def amend_databases(
    *,
    actor: Actor,
    databases: Iterable[Database],
    changes: Mapping[str, Any],
    reason: str = "",
    dry_run: bool = False,
) -> ListReport:
    """Amend chosen databases alike, and say of each what changes or why it is refused.

    `changes`: some of `TOGETHER`. A database that is refused holds up no other. With `dry_run` everything is done
    and undone. Publishes the events of `amend_database`.
    """
    if not may_register(actor):
        raise NotAllowed(act="sửa nhiều cơ sở dữ liệu", act_en="amend many databases")
    _require_known(changes, TOGETHER)
    report = ListReport()
    with transaction.atomic():
        for number, database in enumerate(databases, 1):
            report.lines.append(_amended(actor, number, database, changes, reason))
        if dry_run:
            transaction.set_rollback(True)
    return report


def _amended(
    actor: Actor, number: int, database: Database, changes: Mapping[str, Any], reason: str
) -> ListLine:
    fresh = Database.objects.select_related("owner", "managing_unit").get(pk=database.pk)
    differing = [name for name, value in changes.items() if getattr(fresh, name) != value]
    try:
        with transaction.atomic():
            amend_database(actor=actor, database=fresh, reason=reason, **changes)
    except NothingAmended:
        return ListLine(number, database.code, database.name, UNCHANGED)
    except DomainError as error:
        return _refused(number, database.code, database.name, error)
    labels = [rules.AMENDABLE[name] for name in differing]
    return ListLine(
        number,
        database.code,
        database.name,
        CHANGED,
        f"Sửa {', '.join(vi for vi, _ in labels)}",
        f"Amended: {', '.join(en for _, en in labels)}",
    )


@carries("CAT-06", "CAT-07", "LDL-01", "LDL-02", "LDL-07")
def amend_fields(
    *,
    actor: Actor,
    database: Database,
    fields: Iterable[DataField],
    changes: Mapping[str, Any],
    dry_run: bool = False,
) -> ListReport:
    """Describe chosen columns of a database alike, and say of each what changes or why it is refused.

    `changes`: some of `FIELD_LABELS`. What else is said of a column stays; it is confirmed by this. Publishes the
    events of `describe_field` and `choose_code_list`.
    """
    require_owner(actor, database, "sửa mô tả nhiều cột", "describe many columns")
    _require_known(changes, FIELD_LABELS)
    report = ListReport()
    with transaction.atomic():
        for number, field in enumerate(fields, 1):
            report.lines.append(_described(actor, number, database, field, changes))
        if dry_run:
            transaction.set_rollback(True)
    return report


def _described(
    actor: Actor, number: int, database: Database, field: DataField, changes: Mapping[str, Any]
) -> ListLine:
    place = f"{field.table.name}.{field.name}"
    differing = [name for name, value in changes.items() if getattr(field, name) != value]
    if not differing:
        return ListLine(number, place, field.title, UNCHANGED)
    said = {
        "sharing_class": field.sharing_class,
        "user_groups": field.user_groups,
        "personal_data": field.personal_data,
    } | {name: value for name, value in changes.items() if name != "code_list"}
    try:
        with transaction.atomic():
            if field.table.database_id != database.pk:
                raise FieldUnknown()
            if set(differing) - {"code_list"}:
                describe_field(
                    actor=actor,
                    field=field,
                    title=field.title or field.name,
                    description=field.description,
                    unit=field.unit,
                    code_list=changes.get("code_list", field.code_list),
                    **said,
                )
            elif "code_list" in changes:
                choose_code_list(
                    actor=actor, field=field, code_list=changes["code_list"], reason=field.no_code_list
                )
    except DomainError as error:
        return _refused(number, place, field.title, error)
    labels = [FIELD_LABELS[name] for name in differing]
    return ListLine(
        number,
        place,
        field.title,
        CHANGED,
        f"Sửa {', '.join(vi for vi, _ in labels)}",
        f"Amended: {', '.join(en for _, en in labels)}",
    )


def _require_known(changes: Mapping[str, Any], known: Iterable[str]) -> None:
    unknown = sorted(set(changes) - set(known))
    if unknown:
        raise InputRefused(
            name=unknown[0], why="không sửa hàng loạt được", why_en="it cannot be amended for many at once"
        )


def _refused(number: int, code: str, name: str, error: DomainError) -> ListLine:
    return ListLine(
        number,
        code,
        name,
        REFUSED,
        f"{error.text('vi')} {error.hint('vi')}",
        f"{error.text('en')} {error.hint('en')}",
    )
