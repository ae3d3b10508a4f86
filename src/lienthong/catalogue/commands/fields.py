"""Tables and columns: taken over from a look, described and confirmed by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import InputRefused
from lienthong.foundation.events.commands import publish
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from .. import governing, rules
from ..access import require_owner
from ..errors import EntryFieldMissing, FieldUnknown, LookUnreadable, NothingToConfirm
from ..events import CodeListChosen, DatabaseDescribed, FieldClassified, FieldDescribed, FieldsConfirmed
from ..governing_errors import NotOfThisList
from ..models import (
    CodeList,
    Criticality,
    Database,
    DataField,
    DataTable,
    EntryState,
    MasterDataItem,
    PersonalDataClass,
    SharingClass,
)
from . import work

_LONGEST_NAME = 255
_SEEN = (
    "nulls", "distinct", "min", "max", "placeholders", "semantic_type", "sensitivity", "sensitivity_reason", "state_secret",
)  # fmt: skip


@dataclass
class Taken:
    """What one look brought into the description."""

    tables: int = 0
    fields: int = 0
    new_fields: int = 0
    changed_fields: int = 0
    gone_fields: int = 0


@carries("INV-01", "CAT-06")
def describe_from_look(*, actor: Actor, database: Database, look: Mapping[str, Any]) -> Taken:
    """Take over tables and columns from what a look has seen.

    `look` has the published form of a look (`{source, tables: [...], findings}`). Descriptions and confirmations
    stay; what is no longer there is marked as gone, never deleted, and what could not be read is left as it was; a column whose type changed must be confirmed
    again. Publishes `DatabaseDescribed`; raises `LookUnreadable`.
    """
    require_owner(actor, database, "ghi nhận bảng, cột", "take over tables and columns")
    seen, unread = _tables_of(look), _unread_in(look)
    now = timezone.now()
    taken = Taken()
    with transaction.atomic():
        Database.objects.select_for_update().get(pk=database.pk)
        known = {table.name: table for table in database.tables.prefetch_related("fields")}
        for name, form in seen.items():
            table = known.get(name) or DataTable(database=database, name=name)
            _take_table(table, form, now)
            _take_fields(table, form, now, taken)
            taken.tables += 1
        for name, table in known.items():
            if name not in seen and name not in unread:
                _mark_gone(table, now, taken)
        work.done(actor, database, work.SURVEY)
        _note_what_is_due(actor, database)
        publish(
            actor=actor,
            fact=DatabaseDescribed(
                database_id=database.pk,
                tables=taken.tables,
                fields=taken.fields,
                new_fields=taken.new_fields,
                gone_fields=taken.gone_fields,
                changed_fields=taken.changed_fields,
            ),
        )
    return taken


def _unread_in(look: Mapping[str, Any]) -> set[str]:
    """The tables that are there and could not be read this time."""
    return {
        finding["place"]
        for finding in look.get("findings") or ()
        if finding.get("code") in ("table_unreadable", "table_not_permitted")
        and (finding.get("evidence") or {}).get("error") != "source.table_gone"
    }


def _tables_of(look: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    tables = look.get("tables")
    if not isinstance(tables, list):
        raise LookUnreadable(why="thiếu danh sách bảng", why_en="the list of tables is missing")
    found: dict[str, Mapping[str, Any]] = {}
    for table in tables:
        named = [table, *table.get("columns", [])] if isinstance(table, Mapping) else [{}]
        for thing in named:
            name = thing.get("name") if isinstance(thing, Mapping) else None
            if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME:
                raise LookUnreadable(
                    why=f"tên bảng, cột phải có từ 1 đến {_LONGEST_NAME} ký tự",
                    why_en=f"a table or column name has 1 to {_LONGEST_NAME} characters",
                )
        found[table["name"]] = table
    return found


def _take_table(table: DataTable, form: Mapping[str, Any], now: datetime) -> None:
    table.rows = form.get("rows")
    table.comment = nfc(form.get("comment") or "")
    table.title = table.title or rules.title_of(table.name, table.comment)
    table.primary_key = list(form.get("primary_key") or [])
    table.foreign_keys = list(form.get("foreign_keys") or [])
    table.seen_at, table.gone_since = now, None
    table.save()


def _take_fields(table: DataTable, form: Mapping[str, Any], now: datetime, taken: Taken) -> None:
    known = {field.name: field for field in table.fields.all()}
    fresh, kept = [], []
    columns = form.get("columns") or []
    for ordinal, column in enumerate(columns, start=1):
        field = known.pop(column["name"], None)
        if field is None:
            field = _proposed(table, column)
            fresh.append(field)
        else:
            kept.append(field)
            if field.type != column["type"] or field.gone_since:
                taken.changed_fields += 1
            if field.type != column["type"]:
                field.confirmed_at = field.confirmed_by = None
            if field.confirmed_at is None:
                _propose_again(field, column)
        _take_field(field, column, ordinal, table)
    gone = [field for field in known.values() if field.gone_since is None]
    for field in gone:
        field.gone_since = now
    DataField.objects.bulk_create(fresh)
    DataField.objects.bulk_update(
        kept + gone,
        [
            "ordinal", "type", "nullable", "comment", "is_key", "seen", "gone_since", "confirmed_at",
            "confirmed_by", "title", "personal_data", "sharing_class", "holds_codes",
        ],
        batch_size=200,
    )  # fmt: skip
    taken.fields += len(columns)
    taken.new_fields += len(fresh)
    taken.gone_fields += len(gone)


def _proposed(table: DataTable, column: Mapping[str, Any]) -> DataField:
    proposal = rules.proposal_of(column)
    return DataField(
        table=table,
        name=column["name"],
        title=proposal.title,
        personal_data=proposal.personal_data,
        sharing_class=proposal.sharing_class,
    )


def _propose_again(field: DataField, column: Mapping[str, Any]) -> None:
    """What nobody has confirmed follows the newest look upwards: a column may turn out to be personal."""
    proposal = rules.proposal_of(column)
    if rules.is_graver(proposal.personal_data, field.personal_data):
        field.personal_data, field.sharing_class = proposal.personal_data, proposal.sharing_class


def _take_field(field: DataField, column: Mapping[str, Any], ordinal: int, table: DataTable) -> None:
    field.ordinal = ordinal
    field.holds_codes = rules.looks_like_code(field.name)
    field.type = str(column["type"])[:12]
    field.nullable = bool(column.get("nullable", True))
    field.comment = nfc(column.get("comment") or "")
    field.title = field.title or rules.title_of(field.name, field.comment)
    field.is_key = field.name in table.primary_key
    field.gone_since = None
    field.seen = {"rows": table.rows} | {name: column[name] for name in _SEEN if name in column}
    if field.personal_data != PersonalDataClass.NONE:
        # The least and the greatest value of a personal column are somebody's data.
        field.seen["min"] = field.seen["max"] = None


def _mark_gone(table: DataTable, now: datetime, taken: Taken) -> None:
    if table.gone_since is None:
        table.gone_since = now
        table.save(update_fields=["gone_since"])
    taken.gone_fields += table.fields.filter(gone_since__isnull=True).update(gone_since=now)


@carries("CAT-06")
def confirm_fields(
    *, actor: Actor, database: Database, fields: Iterable[int | DataField] | None = None
) -> int:
    """Confirm what is proposed for these columns, or for all that still wait; returns how many.

    Publishes `FieldsConfirmed`; raises `FieldUnknown` for a column of another database, `NothingToConfirm`.
    """
    require_owner(actor, database, "xác nhận mô tả cột", "confirm the description of columns")
    with transaction.atomic():
        own = DataField.objects.select_for_update().filter(table__database=database, gone_since__isnull=True)
        waiting = own.filter(confirmed_at__isnull=True)
        if fields is not None:
            ids = {field.pk if isinstance(field, DataField) else int(field) for field in fields}
            if own.filter(pk__in=ids).count() != len(ids):
                raise FieldUnknown()
            waiting = waiting.filter(pk__in=ids)
        chosen = list(waiting.values_list("pk", flat=True))
        if not chosen:
            raise NothingToConfirm()
        DataField.objects.filter(pk__in=chosen).update(
            confirmed_at=timezone.now(), confirmed_by_id=actor.user_id or None
        )
        DataField.objects.filter(pk__in=chosen, sharing_class="").update(sharing_class=SharingClass.SHARED)
        _note_what_is_due(actor, database)
        publish(
            actor=actor,
            fact=FieldsConfirmed(database_id=database.pk, count=len(chosen), field_ids=tuple(chosen)),
        )
    return len(chosen)


def confirm_field(*, actor: Actor, field: DataField) -> DataField:
    """Confirm what is proposed for one column; confirming it again changes nothing."""
    if field.confirmed_at is None:
        confirm_fields(actor=actor, database=field.table.database, fields=[field])
        field.refresh_from_db()
    return field


@carries("CAT-06", "CAT-07", "LDL-01", "LDL-02", "LDL-07", "SEC-02")
def describe_field(
    *,
    actor: Actor,
    field: DataField,
    title: str,
    sharing_class: str,
    personal_data: str = PersonalDataClass.NONE,
    description: str = "",
    unit: str = "",
    user_groups: str = "",
    code_list: CodeList | None = None,
    classed_on: date | None = None,
    is_original: bool | None = None,
    criticality: str | None = None,
    dictionary_term: str | None = None,
    master_item: MasterDataItem | int | None = 0,
) -> DataField:
    """Describe one column in the owner's own words, and confirm it.

    `classed_on`: the day of the sharing class, which is read by the law of that day; today when the class is new. A
    class that stays as it was keeps its day. What is None (for `master_item`: 0) stays. Publishes `FieldDescribed`;
    raises `EntryFieldMissing`, `PersonalDataNotOpen`, `SharingClassEnded`, `UserGroupsMissing`, `NotOfThisList`.
    """
    database = field.table.database
    require_owner(actor, database, "sửa mô tả cột", "describe this column")
    if not title.strip():
        raise EntryFieldMissing(at="title", name="tên gọi của cột", name_en="The title of the column")
    if sharing_class not in SharingClass.values:
        raise EntryFieldMissing(at="sharing_class", name="nhóm chia sẻ", name_en="The sharing class")
    if personal_data not in PersonalDataClass.values:
        raise EntryFieldMissing(
            at="personal_data", name="phân loại dữ liệu cá nhân", name_en="The personal-data class"
        )
    rules.require_openable(personal_data, sharing_class)
    if criticality and criticality not in Criticality.values:
        raise NotOfThisList(at="criticality", given=criticality[:60])
    with transaction.atomic():
        locked = DataField.objects.select_for_update().get(pk=field.pk)
        _class_on_its_day(locked, sharing_class, user_groups, classed_on)
        locked.title = _within(title, "title")
        locked.description = nfc(description).strip()
        locked.unit = _within(unit, "unit")
        locked.user_groups = _within(user_groups, "user_groups")
        locked.code_list = code_list
        locked.personal_data = personal_data
        if is_original is not None:
            locked.is_original = is_original
        if criticality is not None:
            locked.criticality = criticality
        if dictionary_term is not None:
            locked.dictionary_term = _within(dictionary_term, "dictionary_term")
        if master_item != 0:
            locked.master_item = master_item  # type: ignore[assignment]
        if personal_data != PersonalDataClass.NONE:
            locked.seen = locked.seen | {"min": None, "max": None}
        locked.confirmed_at = timezone.now()
        locked.confirmed_by_id = int(actor.user_id) if actor.user_id else None
        locked.save()
        _note_what_is_due(actor, database)
        publish(actor=actor, fact=FieldDescribed(database_id=database.pk, field_id=locked.pk))
    field.refresh_from_db()
    return field


def _class_on_its_day(field: DataField, sharing_class: str, users: str, given: date | None) -> None:
    """Set the sharing class with its day; one that stays as it was decided keeps its day and its law."""
    today = timezone.localdate()
    if sharing_class == field.sharing_class and given in (None, field.classed_on) and field.confirmed_at:
        return
    day = given or today
    governing.require_class_of_day(sharing_class, users, day, today)
    field.sharing_class, field.classed_on = sharing_class, day


@carries("SEC-02")
def classify_field(*, actor: Actor, field: DataField, personal_data: str) -> DataField:
    """Say whether a column holds personal data, and confirm it with what else is proposed for it.

    Publishes `FieldClassified`; raises `EntryFieldMissing` for a class that is none, `PersonalDataNotOpen`.
    """
    database = field.table.database
    require_owner(actor, database, "phân loại dữ liệu của cột", "classify this column")
    if personal_data not in PersonalDataClass.values:
        raise EntryFieldMissing(
            at="personal_data", name="phân loại dữ liệu cá nhân", name_en="The personal-data class"
        )
    with transaction.atomic():
        locked = DataField.objects.select_for_update().get(pk=field.pk)
        if locked.sharing_class == SharingClass.OPEN:
            rules.require_openable(personal_data, locked.sharing_class)
        locked.personal_data = personal_data
        locked.sharing_class = locked.sharing_class or SharingClass.SHARED
        if personal_data != PersonalDataClass.NONE:
            locked.seen = locked.seen | {"min": None, "max": None}
        locked.confirmed_at = timezone.now()
        locked.confirmed_by_id = int(actor.user_id) if actor.user_id else None
        locked.save()
        _note_what_is_due(actor, database)
        publish(
            actor=actor,
            fact=FieldClassified(database_id=database.pk, field_id=locked.pk, personal_data=personal_data),
        )
    field.refresh_from_db()
    return field


@carries("CAT-07")
def choose_code_list(
    *, actor: Actor, field: DataField, code_list: CodeList | None, reason: str = ""
) -> DataField:
    """Say which shared code list the values of a column follow, or that none exists and why.

    Publishes `CodeListChosen`; raises `EntryFieldMissing` when there is neither a list nor a reason.
    """
    database = field.table.database
    require_owner(actor, database, "chọn danh mục dùng chung của cột", "choose the code list of this column")
    if code_list is None and not reason.strip():
        raise EntryFieldMissing(
            at="reason",
            name="lý do cột không theo danh mục dùng chung nào",
            name_en="The reason why the column follows no shared code list",
        )
    with transaction.atomic():
        locked = DataField.objects.select_for_update().get(pk=field.pk)
        locked.code_list = code_list
        locked.no_code_list = "" if code_list is not None else _within(reason, "no_code_list")
        locked.save(update_fields=["code_list", "no_code_list"])
        publish(
            actor=actor,
            fact=CodeListChosen(
                database_id=database.pk,
                field_id=locked.pk,
                list_vi=code_list.name if code_list else "không theo danh mục nào",
                list_en=(code_list.name_en or code_list.name) if code_list else "no list",
            ),
        )
    field.refresh_from_db()
    return field


def describe_table(*, actor: Actor, table: DataTable, title: str, description: str = "") -> DataTable:
    """Give a table a title and a description in the owner's own words."""
    require_owner(actor, table.database, "sửa mô tả bảng", "describe this table")
    if not title.strip():
        raise EntryFieldMissing(at="title", name="tên gọi của bảng", name_en="The title of the table")
    table.title = nfc(title).strip()[:250]
    table.description = nfc(description).strip()
    table.save(update_fields=["title", "description"])
    return table


def _note_what_is_due(actor: Actor, database: Database) -> None:
    live = DataField.objects.filter(table__database=database, gone_since__isnull=True)
    waiting = live.filter(confirmed_at__isnull=True).count()
    if waiting:
        work.description_due(database, waiting)
        return
    work.done(actor, database, work.DESCRIBE)
    fresh = Database.objects.only("entry_state", "is_secret").get(pk=database.pk)
    if live.exists() and fresh.entry_state == EntryState.NOT_DECLARED and not fresh.is_secret:
        work.declaration_due(database)


def _within(text: str, name: str) -> str:
    limit = DataField._meta.get_field(name).max_length or 0  # type: ignore[union-attr]
    kept = nfc(text).strip()
    if len(kept) > limit:
        raise InputRefused(name=kept[:40], why=f"dài quá {limit} ký tự", why_en=f"over {limit} characters")
    return kept
