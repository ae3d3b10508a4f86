"""Sketch files on the server: made of a bound source under the policy of the day, read when handed in, compared.

The key of a matching period lies in a file below `keys/matching/` of the data directory, named after the period, and is only
referred to. A server that holds a key never compares files made under it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from lienthong import __version__
from lienthong.catalogue.models import Database, DataField
from lienthong.engine.overlap.errors import SketchKeyInvalid, SketchTooSmall
from lienthong.engine.overlap.keys import fingerprint, read_key
from lienthong.engine.overlap.leaving import Leaving, Policy, leaving, meanings_of, stricter
from lienthong.engine.overlap.shapes import DatabaseSketch
from lienthong.engine.overlap.sketchfile import Letter, SketchFile, read_sketch, write_sketch
from lienthong.engine.overlap.sketching import sketch_source
from lienthong.engine.shapes import Sensitivity
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.tracing import carries
from lienthong.inventory.models import Source
from lienthong.inventory.queries import opened
from lienthong.law.queries import find_parameter

from .comparing import Compared, compare_all, titled
from .errors import KeyUnknown
from .models import Direction, SketchPassage
from .queries import side_of

PERIOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,58}")


def key_folder() -> Path:
    """Where the keys of matching periods lie."""
    return Path(settings.DATA_DIR) / "keys" / "matching"


def periods() -> list[str]:
    """The matching periods whose keys this server holds, the newest name first."""
    folder = key_folder()
    if not folder.is_dir():
        return []
    return sorted((one.name for one in folder.iterdir() if PERIOD.fullmatch(one.name)), reverse=True)


def key_of(period: str) -> bytes:
    """The key of a matching period. Raises `KeyUnknown`, `SketchKeyInvalid`."""
    if not PERIOD.fullmatch(period) or not (key_folder() / period).is_file():
        raise KeyUnknown(period=period[:60])
    return read_key(key_folder() / period)


def keys_held() -> set[str]:
    """The fingerprints of the keys that this server holds: what is hashed under them is not compared here."""
    held = set()
    for period in periods():
        try:
            held.add(fingerprint(read_key(key_folder() / period)))
        except SketchKeyInvalid:
            continue
    return held


@carries("OVL-05")
def policy_of(day: date) -> tuple[Policy, int]:
    """From how many values on hashes leave on a day, and for how many days a file is good."""
    found = [
        find_parameter(f"sketch.{name}", on=day) for name in ("least.values", "least.personal", "expiry")
    ]
    values, personal, days = (
        one.value if one is not None and isinstance(one.value, int) else usual
        for one, usual in zip(found, (100, 1000, 90), strict=True)
    )
    return Policy(max(values, Policy().suppress_under), max(values, personal)), days


@dataclass(frozen=True, slots=True)
class Made:
    """A sketch file that was written, and what is in it."""

    letter: Letter
    what: Leaving


@carries("OVL-05", "SEC-01")
def make_file(source: Source, path: Path, *, level: int, period: str, made_by: str) -> Made:
    """Write what of a bound source may leave at this level. Raises the engine's errors, `KeyUnknown`, `SketchTooSmall`."""
    policy, days = policy_of(timezone.localdate())
    key = key_of(period) if level == 2 else None
    plan = replace(policy.plan, bits=64, level=min(2, 2 * level))
    database = source.database
    with opened(source) as found:
        # Below the level of hashes the key is random: only which common lists are used is told by it.
        sketch = sketch_source(found, database.code, key or secrets.token_bytes(32), plan=plan)
        meanings = stricter(meanings_of(found, by_names=level == 0), _classed(database))
        what = leaving(titled(sketch, database), meanings, policy, level=level)
    if level == 2 and not what.sets:
        raise SketchTooSmall(
            source=database.name, values=policy.least_values, identifiers=policy.least_personal
        )
    letter = Letter(
        level=level,
        made_by=made_by,
        made_at=timezone.now().replace(microsecond=0),
        expires=timezone.localdate() + timedelta(days=days),
        period=period,
        software=f"lienthong {__version__}",
        policy=policy.as_json(),
    )
    return Made(write_sketch(path, what, letter, key), what)


def _classed(database: Database) -> dict[tuple[str, str], Sensitivity]:
    """The class of personal data of each column that the catalogue has."""
    fields = DataField.objects.filter(table__database=database)
    classes: dict[str, Sensitivity] = {"basic": "basic", "sensitive": "sensitive"}
    return {
        (table, name): classes[given]
        for table, name, given in fields.values_list("table__name", "name", "personal_data")
        if given in classes
    }


def read_passage(passage: SketchPassage) -> SketchFile:
    """The sketch of a passage whose file is still there and good today. Raises the errors of `SketchError`."""
    assert passage.file is not None
    return read_sketch(path_of(passage.file.sha256), today=timezone.localdate())


def comparable_sketches(passage: SketchPassage) -> list[SketchPassage]:
    """The newest file that was handed in of every other database, as far as it may be compared: no secret, not expired,
    hashed under the same key or not at all.
    """
    others = (
        SketchPassage.objects.filter(
            direction=Direction.IN, destroyed_at__isnull=True, expires__gte=timezone.localdate()
        )
        .filter(database__is_secret=False)
        .exclude(database=passage.database_id)
        .select_related("database__owner", "file")
        .order_by("pk")
    )
    newest = {
        one.database_id: one for one in others if one.key == passage.key or not (one.key and passage.key)
    }
    return list(newest.values())


@carries("OVL-05")
def compare_files(passage: SketchPassage, others: Iterable[SketchPassage]) -> Compared:
    """What a handed-in sketch has in common with others, and the version of the matcher."""
    mine = _named(read_passage(passage).sketch, passage.database)
    return compare_all(mine, (_named(read_passage(one).sketch, one.database) for one in others))


def _named(sketch: DatabaseSketch, database: Database) -> DatabaseSketch:
    return replace(sketch, name=str(database.pk), rank=side_of(database).rank)
