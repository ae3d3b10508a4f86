"""`lienthong overlap`: where several databases hold the same data, without a server and without Django."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lienthong.authority.rules import PRECEDENCE, Side, in_order, propose_outcome
from lienthong.cli.ending import password_from
from lienthong.cli.overlapprint import print_overlaps
from lienthong.cli.sketched import (
    is_file,
    read_file,
    require_one_key,
    sketched,
    told_in_one_line,
)
from lienthong.engine.errors import SourceOptionInvalid
from lienthong.engine.overlap.keys import read_key
from lienthong.engine.overlap.leaving import Policy
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.shapes import DatabaseSketch, Overlap

TIERS = PRECEDENCE[:4]


@click.command()
@click.argument("left")
@click.argument("right")
@click.argument("more", nargs=-1)
@click.option(
    "--tier",
    "tiers",
    multiple=True,
    metavar="SOURCE=TIER",
    help=f"Cấp của cơ sở dữ liệu / Class of the database: {', '.join(TIERS)}",
)
@click.option(
    "--password-env",
    "passwords",
    multiple=True,
    metavar="SOURCE=NAME",
    help="Biến môi trường chứa mật khẩu / Environment variable that holds the password",
)
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Khóa của kỳ đối chiếu, khi so nguồn đọc được với tệp phác thảo / Key of the matching period, to compare "
    "a live source with sketch files",
)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def overlap(
    left: str,
    right: str,
    more: tuple[str, ...],
    tiers: tuple[str, ...],
    passwords: tuple[str, ...],
    key_file: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Tìm dữ liệu chồng lấn giữa các cơ sở dữ liệu / Find data that several databases hold.

    LEFT RIGHT [MORE…]: đường dẫn hoặc địa chỉ như của lệnh look, hoặc tệp phác thảo do lệnh sketch lập / paths or
    addresses as of the command look, or sketch files made by the command sketch. Giá trị chỉ được so bằng hàm băm
    có khóa; khóa là ngẫu nhiên khi không có tệp phác thảo / Values are compared only by keyed hashes; the key is
    random where there is no sketch file.
    """
    addresses = (left, right, *more)
    with told_in_one_line():
        ranks = _assigned(addresses, tiers, "--tier", TIERS)
        found = compare(
            addresses,
            ranks,
            _assigned(addresses, passwords, "--password-env"),
            read_key(key_file) if key_file else None,
        )
    if as_json:
        click.echo(json.dumps(published(found), ensure_ascii=False, indent=2))
    else:
        click.echo(print_overlaps(published(found), lang))


Compared = list[tuple[Overlap, str | None, str | None]]
"""What was found between two databases, and the class of each."""


def compare(
    addresses: Sequence[str],
    tiers: Mapping[str, str],
    passwords: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Compared:
    """Sketch every source under one key, read what is a sketch file, and compare each with every other.

    Without sketch files the key is random and forgotten afterwards. Beside a file with hashes a live source is held to
    the least sizes of sets that leave. Raises SketchKeyMissing, SketchKeysDiffer.
    """
    files = {address: read_file(address, key) for address in dict.fromkeys(addresses) if is_file(address)}
    require_one_key(files, key, live=[address for address in addresses if address not in files])
    used = key or secrets.token_bytes(32)
    policy = Policy() if any(file.letter.key for file in files.values()) else None
    sketches: list[tuple[DatabaseSketch, str | None]] = []
    names: set[str] = set()
    for address in addresses:
        tier = tiers.get(address)
        file = files.get(address)
        if file is None:
            sketch = sketched(
                address, used, password=password_from((passwords or {}).get(address)), policy=policy
            )
        else:
            sketch = file.sketch
        name = _free(sketch.name, names)
        names.add(name)
        rank = PRECEDENCE.index(tier) if tier is not None else None
        sketches.append((replace(sketch, name=name, rank=rank), tier))
    return [
        (find_overlaps(one, other), tier, other_tier)
        for (one, tier), (other, other_tier) in itertools.combinations(sketches, 2)
    ]


def published(found: Compared) -> dict[str, Any]:
    """All findings in the published form: `{correspondences: [...], verdicts: [...]}`."""
    correspondences, verdicts = [], []
    for result, tier, other in found:
        standing, verdict = _standing(result, tier, other), result.verdict
        # Columns alike make no case where the databases do not overlap, and one common list makes none by itself
        proposed = standing["proposed_outcome"] if verdict.overlaps else None
        for match in result.matches:
            correspondences.append(
                {
                    **match.as_json(),
                    "authority": standing["authority"],
                    "proposed_outcome": proposed if match.kind == "overlap" else None,
                }
            )
        verdicts.append(
            {
                **verdict.as_json(),
                "tiers": {"left": tier, "right": other},
                "authority": standing["authority"],
                "proposed_outcome": proposed,
                "requirement": standing["requirement"] if proposed else None,
                "method": result.method,
            }
        )
    return {"correspondences": correspondences, "verdicts": verdicts}


def _standing(result: Overlap, tier: str | None, other: str | None) -> dict[str, str | None]:
    """Whose copy counts by class, and what is asked of the other."""
    if tier is None or other is None:
        return {"authority": None, "proposed_outcome": None, "requirement": None}
    sides = Side(tier, result.verdict.left), Side(other, result.verdict.right)
    swapped, equal = in_order(*sides)
    lower, higher = (sides[1], sides[0]) if swapped else sides
    proposal = propose_outcome(lower, higher)
    return {
        "authority": None if equal else higher.agency,
        "proposed_outcome": proposal.outcome,
        "requirement": proposal.requirement,
    }


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(numbered for n in itertools.count(2) if (numbered := f"{name} ({n})") not in taken)


def _assigned(
    addresses: Sequence[str], given: Sequence[str], option: str, allowed: Sequence[str] = ()
) -> dict[str, str]:
    """`SOURCE=VALUE` options by source; SOURCE is the argument as it was given."""
    assigned: dict[str, str] = {}
    for pair in given:
        source, _, value = pair.rpartition("=")
        if source not in addresses:
            raise SourceOptionInvalid(
                option=option,
                reason_vi="không có nguồn này trong lệnh",
                reason_en="there is no such source in the command",
            )
        if allowed and value not in allowed:
            raise SourceOptionInvalid(
                option=option,
                reason_vi=f"chỉ nhận {', '.join(allowed)}",
                reason_en=f"it must be one of {', '.join(allowed)}",
            )
        if assigned.setdefault(source, value) != value:
            raise SourceOptionInvalid(
                option=option,
                reason_vi="một nguồn được gán hai giá trị khác nhau",
                reason_en="one source is given two different values",
            )
    return assigned
