"""How the tables of a file are read: chosen by a person, tried before it is kept, or left to the machine again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from lienthong.catalogue.access import require_owner
from lienthong.catalogue.models import Database
from lienthong.engine.errors import EngineError
from lienthong.engine.shapes import ColumnType, ReadingChoice
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries

from ..errors import ReadingNotForServer, ReadingRefused, SourceNotBound
from ..events import ReadingChosen, ReadingLeft
from ..models import ReadingDecision, Source, SourceKind, Survey
from ..queries import bound_source, choices_of, opened
from .surveys import start_survey

FILES = (SourceKind.FILE, SourceKind.FOLDER)
# Bytes of a file up to which a choice is tried on every row at once; a larger one is tried on its layout, and the look
# that follows tells what does not hold.
TRIED_WHOLE = 60_000_000


@carries("INV-01")
def choose_reading(
    *,
    actor: Actor,
    database: Database,
    table: str,
    encoding: str = "",
    delimiter: str = "",
    header_rows: Iterable[int] | None = None,
    keep_rows: Iterable[int] = (),
    skip_rows: Iterable[int] = (),
    types: Mapping[str, ColumnType] | None = None,
) -> Survey:
    """Choose how one table of the bound file is read, and read it again; the file is not handed in a second time.

    Row numbers count from 1. What is left out stays with the machine. A choice that cannot hold is refused with the row
    and value that stand against it, and nothing changes. Publishes `ReadingChosen`; raises `SourceNotBound`,
    `ReadingNotForServer`, `ReadingRefused`.
    """
    source = _file_source(actor, database)
    choice = ReadingChoice(
        encoding=encoding or None,
        delimiter=delimiter or None,
        header_rows=None if header_rows is None else tuple(sorted(set(header_rows))),
        keep_rows=frozenset(keep_rows),
        skip_rows=frozenset(skip_rows),
        types=dict(types or {}),
    )
    _try(source, table, choice)
    changes = sum(
        (
            bool(encoding), bool(delimiter), choice.header_rows is not None, bool(choice.keep_rows),
            bool(choice.skip_rows), len(choice.types),
        )
    )  # fmt: skip
    with transaction.atomic():
        ReadingDecision.objects.update_or_create(
            source=source,
            table=table,
            defaults={
                "encoding": encoding,
                "delimiter": delimiter,
                "header_rows": None if choice.header_rows is None else list(choice.header_rows),
                "keep_rows": sorted(choice.keep_rows),
                "skip_rows": sorted(choice.skip_rows),
                "types": dict(choice.types),
                "chosen_at": timezone.now(),
                "chosen_by_id": int(actor.user_id) if actor.user_id else None,
            },
        )
        publish(
            actor=actor,
            fact=ReadingChosen(database_id=database.pk, source_id=source.pk, changes=changes),
        )
        return start_survey(actor=actor, database=database)


def leave_reading_to_machine(*, actor: Actor, database: Database, table: str) -> Survey:
    """Take a choice of reading back and read the table again as the machine finds it. Publishes `ReadingLeft`."""
    source = _file_source(actor, database)
    with transaction.atomic():
        gone, _ = ReadingDecision.objects.filter(source=source, table=table).delete()
        if gone:
            publish(actor=actor, fact=ReadingLeft(database_id=database.pk, source_id=source.pk))
        return start_survey(actor=actor, database=database)


def _file_source(actor: Actor, database: Database) -> Source:
    require_owner(actor, database, "chọn cách đọc tệp nguồn", "choose how the source file is read")
    source = bound_source(database)
    if source is None:
        raise SourceNotBound()
    if source.kind not in FILES:
        raise ReadingNotForServer()
    return source


def _try(source: Source, table: str, choice: ReadingChoice) -> None:
    whole = source.uploaded is not None and source.uploaded.size <= TRIED_WHOLE
    refusal: ReadingRefused | None = None
    try:
        with opened(source, choices=choices_of(source) | {table: choice}) as found:
            described = found.table(table)
            if whole or choice.types:
                found.relation(described)
    except EngineError as error:
        if error.transient:
            raise
        refusal = _refusal(error, choice)
    if refusal is not None:
        raise refusal


def _refusal(error: EngineError, choice: ReadingChoice) -> ReadingRefused:
    """What the engine says of a choice, beside the field of the form that it is about."""
    at = next(
        (
            name
            for name, given in (
                ("types", choice.types),
                ("keep_rows", choice.keep_rows),
                ("skip_rows", choice.skip_rows),
                ("header_rows", choice.header_rows),
                ("delimiter", choice.delimiter),
                ("encoding", choice.encoding),
            )
            if given
        ),
        "encoding",
    )
    if error.facts.get("column") and choice.types:
        at = "types"
    elif error.facts.get("row") in choice.keep_rows:
        at = "keep_rows"
    elif error.facts.get("row") in choice.skip_rows:
        at = "skip_rows"
    said = (
        (error.facts.get("reason_vi"), error.facts.get("reason_en"))
        if error.facts.get("reason_vi")
        else (error.text("vi"), error.text("en"))
    )
    value = error.facts.get("value")
    # The value that stands against the choice is said to who made it, once; it is kept nowhere.
    told = ("", "") if value is None else (f" (“{str(value)[:60]}”)", f" (“{str(value)[:60]}”)")
    vi, en = (
        f"{str(text).rstrip('.')}{'' if value is None or str(value) in str(text) else extra}"
        for text, extra in zip(said, told, strict=True)
    )
    return ReadingRefused(at=at, why=vi[:1].lower() + vi[1:], why_en=en[:1].lower() + en[1:])
