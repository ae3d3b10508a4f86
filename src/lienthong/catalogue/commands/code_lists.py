"""Shared code lists: registered, prepared as a version, issued; old codes and what became of them are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from lienthong.agencies.access import require_acting_for
from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.files.commands import Upload
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.lists.cells import day_of
from lienthong.foundation.lists.errors import ListColumnsMissing
from lienthong.foundation.lists.reading import Cues, ListRow, Needed, rows_of
from lienthong.foundation.lists.reports import (
    CHANGED,
    NEW,
    UNCHANGED,
    ListLine,
    ListReport,
    keep_list,
    refused,
)
from lienthong.foundation.text import fold, nfc, slug
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from .. import rules
from ..access import OWNING, may_register
from ..code_list_events import (
    CodeListIssued,
    CodeListRegistered,
    CodeListVersionBegun,
    CodeListVersionDropped,
    CodeMappingTaken,
    CodeValuesTaken,
)
from ..errors import EntryFieldMissing
from ..governing_errors import (
    CodeListBackdated,
    CodeListDraftOpen,
    CodeListEmpty,
    CodeListVersionStands,
    CodeRepeated,
    CodeUnknown,
    CodeValueIncomplete,
)
from ..indexing import index_code_list
from ..models import CodeList, CodeListState, CodeListVersion, CodeMapping, CodeValue, Dataset

VALUES_LABEL = "catalogue.code_values"
MAPPING_LABEL = "catalogue.code_mapping"
MOST_CODES = 200_000
_BATCH = 2_000

VALUE_CUES: Cues = (
    ("parent", ("ma cap tren", "ma cha", "thuoc ma", "ma tinh", "ma huyen", "parent")),
    ("valid_from", ("hieu luc tu", "tu ngay", "valid from")),
    ("valid_to", ("hieu luc den", "den ngay", "valid to")),
    ("name_en", ("tieng anh", "name in english", "english")),
    ("code", ("ma xa", "ma so", "ky hieu", "ma", "code")),
    ("name", ("ten xa", "ten goi", "ten", "gia tri", "dien giai", "name", "label")),
)  # fmt: skip
_VALUE_NEEDED = (
    Needed(frozenset({"code"}), "Mã", "Code"),
    Needed(frozenset({"name"}), "Tên", "Name"),
)
# A province's code beside the commune's names what lies above it, unless the list is one of provinces.
_OWN_CODE: Cues = (("parent", ("ma cap tren", "ma cha", "thuoc ma", "parent")), *VALUE_CUES[1:])

MAPPING_CUES: Cues = (
    ("old_code", ("ma xa cu", "ma cu", "old code", "former code")),
    ("new_code", ("ma xa moi", "ma moi", "new code")),
    ("old_code", ("ma tinh cu",)),
    ("new_code", ("ma tinh moi",)),
    ("is_usual", ("mac dinh", "thuong dung", "usual", "default")),
    ("note", ("kieu", "ghi chu", "note")),
)
_MAPPING_NEEDED = (
    Needed(frozenset({"old_code"}), "Mã cũ", "Former code"),
    Needed(frozenset({"new_code"}), "Mã mới", "New code"),
)


@carries("CAT-07")
def register_code_list(
    *,
    actor: Actor,
    code: str,
    name: str,
    owner: Agency,
    name_en: str = "",
    basis: str = "",
    dataset: Dataset | None = None,
) -> CodeList:
    """Register a shared code list that columns may refer to; the same code again brings it up to date.

    Publishes `CodeListRegistered` when it is new; raises `EntryFieldMissing`.
    """
    require_acting_for(actor, owner, set(OWNING), "lập danh mục dùng chung", "register a shared code list")
    kept = slug(code)
    if not kept or not name.strip():
        raise EntryFieldMissing(at="name", name="mã và tên danh mục", name_en="Code and name of the list")
    values = {
        "name": nfc(name).strip()[:250],
        "name_en": name_en[:250],
        "basis": basis[:400],
        "dataset": dataset,
    }
    existing = CodeList.objects.filter(code=kept).first()
    if existing is not None:
        _require_keeper(actor, existing)
        values["dataset"] = dataset or existing.dataset
    with transaction.atomic():
        found, is_new = CodeList.objects.update_or_create(code=kept, defaults=values | {"owner": owner})
        index_code_list(found)
        if is_new:
            publish(
                actor=actor,
                fact=CodeListRegistered(code_list_id=found.pk, code=found.code, title=found.name),
            )
    return found


@carries("CAT-07", "GOVF-13")
def begin_code_list_version(
    *, actor: Actor, code_list: CodeList, decision_number: str, decision_date: date, valid_from: date
) -> CodeListVersion:
    """Begin the next version of a code list; it stands once it is issued.

    Publishes `CodeListVersionBegun`; raises `CodeListDraftOpen`, `CodeListBackdated`, `DecisionNumberMissing`,
    `DecisionDateRefused`.
    """
    _require_keeper(actor, code_list)
    number = rules.require_decision(decision_number, decision_date, timezone.localdate())
    with transaction.atomic():
        CodeList.objects.select_for_update().get(pk=code_list.pk)
        last = code_list.versions.order_by("-number").first()
        if last is not None and last.state == CodeListState.DRAFT:
            raise CodeListDraftOpen(number=last.number)
        _require_later(valid_from, last)
        version = CodeListVersion.objects.create(
            code_list=code_list,
            number=last.number + 1 if last else 1,
            decision_number=number[:60],
            decision_date=decision_date,
            valid_from=valid_from,
        )
        publish(
            actor=actor,
            fact=CodeListVersionBegun(
                code_list_id=code_list.pk, number=version.number, valid_from=valid_from
            ),
        )
    return version


def drop_code_list_draft(*, actor: Actor, version: CodeListVersion) -> None:
    """Drop a version that was never issued, with the values it was given. Publishes `CodeListVersionDropped`."""
    _require_keeper(actor, version.code_list)
    with transaction.atomic():
        _require_draft(version)
        publish(
            actor=actor,
            fact=CodeListVersionDropped(code_list_id=version.code_list_id, number=version.number),
        )
        version.delete()


def hand_in_code_values(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep a list of codes, to be looked through before it is taken over. Raises ListKindRefused."""
    _require_keeping(actor)
    return keep_list(actor=actor, upload=upload, label=VALUES_LABEL)


def hand_in_code_mapping(*, actor: Actor, upload: Upload) -> StoredFile:
    """Keep a list of old and new codes, to be looked through before it is taken over. Raises ListKindRefused."""
    _require_keeping(actor)
    return keep_list(actor=actor, upload=upload, label=MAPPING_LABEL)


@carries("CAT-07", "GOVF-13")
def take_over_code_values(
    *, actor: Actor, version: CodeListVersion, file: StoredFile, dry_run: bool = False
) -> ListReport:
    """Give a version its values from a file, which holds the whole list, and say of each row what it changes.

    Against the version before, a code is new, changed (its name) or as before; what the file does not hold any more
    is told as going out of force. The same file again changes nothing. Publishes `CodeValuesTaken`.
    """
    _require_keeper(actor, version.code_list)
    try:
        rows = rows_of(file, VALUE_CUES, _VALUE_NEEDED, longest=MOST_CODES)
        is_above = len({row["code"] for row in rows}) <= len(rows) // 2 and any(row["parent"] for row in rows)
    except ListColumnsMissing:
        is_above = True
    if is_above:
        rows = rows_of(file, _OWN_CODE, _VALUE_NEEDED, longest=MOST_CODES)
    return _take_values(actor, version, rows, dry_run=dry_run, file=file)


@carries("CAT-07")
def enter_code_values(*, actor: Actor, version: CodeListVersion, values: str) -> ListReport:
    """Give a version its values by hand: a line each, code | name | name in English | code above.

    Publishes `CodeValuesTaken`; raises `CodeValueIncomplete`, `CodeRepeated`: nothing is taken over then.
    """
    _require_keeper(actor, version.code_list)
    rows = _written(values, ("code", "name", "name_en", "parent"))
    return _take_values(actor, version, rows, dry_run=False, strict=True)


def _written(text: str, fields: Sequence[str]) -> list[ListRow]:
    """The rows that were written by hand: a line each, its parts kept apart by bars."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            parts = [part.strip() for part in nfc(line).split("|")] + [""] * len(fields)
            rows.append(ListRow(number, dict(zip(fields, parts, strict=False))))
    return rows


def _take_values(
    actor: Actor,
    version: CodeListVersion,
    rows: list[ListRow],
    *,
    dry_run: bool,
    file: StoredFile | None = None,
    strict: bool = False,
) -> ListReport:
    _require_draft(version)
    before = _before(version)
    earlier = _values_of(before)
    present = _values_of(version)
    report = ListReport()
    taken: dict[str, CodeValue] = {}
    seen: dict[str, int] = {}
    for row in rows:
        try:
            value = _value(version, row, seen)
        except DomainError as error:
            if strict:
                raise
            report.lines.append(refused(row, error, code=row["code"], name=row["name"]))
            continue
        taken[value.code] = value
        report.lines.append(_line(row.number, value, earlier, present))
    for code, gone in earlier.items():
        if code not in taken:
            verdict = CHANGED if not present or code in present else UNCHANGED
            report.lines.append(
                ListLine(
                    0,
                    code,
                    gone.name,
                    verdict,
                    f"Không còn trong danh sách: hết hiệu lực từ {version.valid_from:%d/%m/%Y}, mã cũ vẫn được giữ",
                    f"Not in the list any more: out of force from {version.valid_from:%d/%m/%Y}; the code is kept",
                )
            )
    if dry_run or not report.changes:
        return report
    with transaction.atomic():
        version.values.all().delete()
        CodeValue.objects.bulk_create(taken.values(), batch_size=_BATCH)
        version.values_file = file
        version.save(update_fields=["values_file"])
        publish(
            actor=actor,
            fact=CodeValuesTaken(code_list_id=version.code_list_id, number=version.number, values=len(taken)),
        )
    return report


def _line(
    number: int, value: CodeValue, earlier: Mapping[str, CodeValue], present: Mapping[str, CodeValue]
) -> ListLine:
    """What a row changes: against what was taken over into this version already, else against the version before."""
    there = present or earlier
    known = there.get(value.code)
    if known is None:
        return ListLine(number, value.code, value.name, NEW, "Mã mới", "A new code")
    if known.name == value.name and (not present or _rest(known) == _rest(value)):
        return ListLine(number, value.code, value.name, UNCHANGED)
    return ListLine(
        number,
        value.code,
        value.name,
        CHANGED,
        f"Trước đây là “{known.name}”",
        f"Before it was “{known.name}”",
    )


def _rest(value: CodeValue) -> tuple[object, ...]:
    return (value.name_en, value.parent, value.valid_from, value.valid_to)


def _value(version: CodeListVersion, row: ListRow, seen: dict[str, int]) -> CodeValue:
    code, name = nfc(row["code"]).strip(), nfc(row["name"]).strip()
    if not code or not name or len(code) > 80:
        raise CodeValueIncomplete(number=row.number, given=f"{code} {name}".strip()[:80])
    if code in seen:
        raise CodeRepeated(given=code, number=seen[code])
    seen[code] = row.number
    value = CodeValue(
        version=version,
        code=code,
        name=name[:400],
        name_en=row["name_en"][:400],
        parent=row["parent"][:80],
        valid_from=day_of(row["valid_from"]),
        valid_to=day_of(row["valid_to"]),
    )
    value.folded = value.spoken
    return value


@carries("GOVF-13")
def take_over_code_mapping(
    *, actor: Actor, version: CodeListVersion, file: StoredFile, dry_run: bool = False
) -> ListReport:
    """Say from a file what the codes of the version before became in this one; the same file again changes nothing.

    An old code may be split over several new ones; one of them is the usual. Publishes `CodeMappingTaken`.
    """
    _require_keeper(actor, version.code_list)
    rows = rows_of(file, MAPPING_CUES, _MAPPING_NEEDED, longest=MOST_CODES)
    return _take_mapping(actor, version, rows, dry_run=dry_run)


@carries("GOVF-13")
def enter_code_mapping(*, actor: Actor, version: CodeListVersion, pairs: str) -> ListReport:
    """Say by hand what the codes of the version before became: a line each, old | new | usual or not | note.

    Publishes `CodeMappingTaken`; raises `CodeValueIncomplete`, `CodeUnknown`, `CodeRepeated`: nothing is taken over then.
    """
    _require_keeper(actor, version.code_list)
    rows = _written(pairs, ("old_code", "new_code", "is_usual", "note"))
    return _take_mapping(actor, version, rows, dry_run=False, strict=True)


def _take_mapping(
    actor: Actor, version: CodeListVersion, rows: list[ListRow], *, dry_run: bool, strict: bool = False
) -> ListReport:
    _require_draft(version)
    earlier, present = _values_of(_before(version)), _values_of(version)
    known = {(one.old_code, one.new_code): one.is_usual for one in version.mappings.all()}
    report = ListReport()
    taken: dict[tuple[str, str], CodeMapping] = {}
    for row in rows:
        try:
            pair = _pair(version, row, earlier, present)
            if (pair.old_code, pair.new_code) in taken:
                raise CodeRepeated(given=f"{pair.old_code} → {pair.new_code}", number=row.number)
        except DomainError as error:
            if strict:
                error.field = "pairs"  # type: ignore[misc]
                raise
            report.lines.append(refused(row, error, code=row["old_code"], name=row["new_code"]))
            continue
        key = (pair.old_code, pair.new_code)
        taken[key] = pair
        verdict = NEW if key not in known else UNCHANGED if known[key] == pair.is_usual else CHANGED
        named = present.get(pair.new_code)
        report.lines.append(
            ListLine(row.number, pair.old_code, f"{pair.new_code} {named.name if named else ''}", verdict)
        )
    if dry_run or not report.changes:
        return report
    with transaction.atomic():
        version.mappings.all().delete()
        CodeMapping.objects.bulk_create(taken.values(), batch_size=_BATCH)
        publish(
            actor=actor,
            fact=CodeMappingTaken(code_list_id=version.code_list_id, number=version.number, pairs=len(taken)),
        )
    return report


def _pair(
    version: CodeListVersion,
    row: ListRow,
    earlier: Mapping[str, CodeValue],
    present: Mapping[str, CodeValue],
) -> CodeMapping:
    old, new = nfc(row["old_code"]).strip(), nfc(row["new_code"]).strip()
    if not old or not new:
        raise CodeValueIncomplete(number=row.number, given=f"{old} {new}".strip()[:80])
    if earlier and old not in earlier:
        raise CodeUnknown(given=old, where="phiên bản trước", where_en="the version before")
    if new not in present:
        raise CodeUnknown(given=new, where="phiên bản này", where_en="this version")
    usual = fold(row["is_usual"]).strip()
    return CodeMapping(
        version=version,
        old_code=old[:80],
        new_code=new[:80],
        is_usual=usual not in {"0", "khong", "no", "false"},
        note=row["note"][:200],
    )


@carries("CAT-07", "GOVF-13")
def issue_code_list_version(*, actor: Actor, version: CodeListVersion) -> CodeListVersion:
    """Issue a version: from its day on its values hold, those of the version before until the day before.

    Publishes `CodeListIssued`; raises `CodeListEmpty`, `CodeListVersionStands`, `CodeListBackdated`.
    """
    code_list = version.code_list
    _require_keeper(actor, code_list)
    with transaction.atomic():
        CodeList.objects.select_for_update().get(pk=code_list.pk)
        _require_draft(version)
        values = version.values.count()
        if not values:
            raise CodeListEmpty(number=version.number)
        before = _before(version)
        _require_later(version.valid_from, before)
        if before is not None:
            before.valid_to = date.fromordinal(version.valid_from.toordinal() - 1)
            before.save(update_fields=["valid_to"])
        take_step(
            actor=actor,
            record=version,
            step="issue",
            fact=CodeListIssued(
                code_list_id=code_list.pk,
                number=version.number,
                decision_number=version.decision_number,
                valid_from=version.valid_from,
                values=values,
            ),
        )
        version.refresh_from_db()
        version.issued_by_id = int(actor.user_id) if actor.user_id else None
        version.save(update_fields=["issued_by"])
        index_code_list(code_list)
    return version


def _require_keeping(actor: Actor) -> None:
    if not may_register(actor):
        raise NotAllowed(act="nhập danh mục dùng chung", act_en="take over a shared code list")


def _require_keeper(actor: Actor, code_list: CodeList) -> None:
    require_acting_for(
        actor, code_list.owner, set(OWNING), "sửa danh mục dùng chung", "amend this shared code list"
    )


def _require_draft(version: CodeListVersion) -> None:
    state = CodeListVersion.objects.values_list("state", flat=True).get(pk=version.pk)
    if state != CodeListState.DRAFT:
        raise CodeListVersionStands(number=version.number)


def _require_later(valid_from: date, last: CodeListVersion | None) -> None:
    if last is not None and valid_from <= last.valid_from:
        raise CodeListBackdated(given=f"{valid_from:%d/%m/%Y}", last=f"{last.valid_from:%d/%m/%Y}")


def _before(version: CodeListVersion) -> CodeListVersion | None:
    issued = version.code_list.versions.filter(state=CodeListState.ISSUED, number__lt=version.number)
    return issued.order_by("-number").first()


def _values_of(version: CodeListVersion | None) -> dict[str, CodeValue]:
    values: Iterable[CodeValue] = version.values.all() if version is not None else ()
    return {value.code: value for value in values}
