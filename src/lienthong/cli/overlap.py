"""`lienthong overlap`: where several databases hold the same data, without a server and without Django."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from lienthong.authority.rules import PRECEDENCE, Side, in_order, propose_outcome
from lienthong.cli.look import INTERRUPTED, TERMINATED, WRONG
from lienthong.cli.overlapprint import print_overlaps
from lienthong.engine.errors import EngineError, SourceAddressInvalid
from lienthong.engine.overlap.describing import described, package_of
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.shapes import ColumnMatch, DatabaseSketch, Overlap
from lienthong.engine.overlap.sketching import sketch_source
from lienthong.engine.sources import open_source, parse_address

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
@click.option("--json", "as_json", is_flag=True, help="In ra JSON / Print JSON")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def overlap(
    left: str,
    right: str,
    more: tuple[str, ...],
    tiers: tuple[str, ...],
    passwords: tuple[str, ...],
    as_json: bool,
    lang: str,
) -> None:
    """Tìm dữ liệu chồng lấn giữa các cơ sở dữ liệu / Find data that several databases hold.

    LEFT RIGHT [MORE…]: đường dẫn hoặc địa chỉ như của lệnh look / paths or addresses as of the command look.
    Giá trị chỉ được so bằng hàm băm có khóa ngẫu nhiên / Values are compared only by hashes under a random
    key.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, _terminated)
    addresses = (left, right, *more)
    try:
        ranks = _assigned(addresses, tiers, "--tier", TIERS)
        found = compare(addresses, ranks, _assigned(addresses, passwords, "--password-env"))
    except EngineError as error:
        _say_and_exit(f"{error.text('vi')} — {error.text('en')}", WRONG)
    except KeyboardInterrupt:
        _say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)
    except RuntimeError as error:
        # DuckDB's way to pass a signal on when it falls into a statement of the main thread.
        if str(error) != "Query interrupted":
            raise
        if isinstance(error.__context__, SystemExit):
            raise error.__context__ from None
        _say_and_exit("Đã dừng theo yêu cầu. — Stopped on request.", INTERRUPTED)
    if as_json:
        click.echo(json.dumps(published(found), ensure_ascii=False, indent=2))
    else:
        click.echo(print_overlaps(published(found), lang))


Compared = list[tuple[Overlap, str | None, str | None]]
"""What was found between two databases, and the class of each."""


def compare(
    addresses: Sequence[str], tiers: Mapping[str, str], passwords: Mapping[str, str] | None = None
) -> Compared:
    """Sketch every source under a key that is forgotten afterwards, and compare each with every other."""
    key = secrets.token_bytes(32)
    sketches: list[tuple[DatabaseSketch, str | None]] = []
    names: set[str] = set()
    for address in addresses:
        tier = tiers.get(address)
        sketch = _sketched(address, key, tier, _password((passwords or {}).get(address)), names)
        names.add(sketch.name)
        sketches.append((sketch, tier))
    return [
        (find_overlaps(one, other), tier, other_tier)
        for (one, tier), (other, other_tier) in itertools.combinations(sketches, 2)
    ]


def published(found: Compared) -> dict[str, Any]:
    """All findings in the published form: `{correspondences: [...], verdicts: [...]}`."""
    correspondences, verdicts = [], []
    for result, tier, other in found:
        standing = _standing(result, tier, other)
        for match in result.matches:
            correspondences.append(
                {
                    **match.as_json(),
                    "authority": standing["authority"],
                    "proposed_outcome": _outcome_of(match, standing),
                }
            )
        verdict = result.verdict
        proposed = standing["proposed_outcome"] if verdict.overlaps else None
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


def _outcome_of(match: ColumnMatch, standing: Mapping[str, str | None]) -> str | None:
    # Using one common list never opens a case by itself.
    return standing["proposed_outcome"] if match.kind == "overlap" else None


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


def _sketched(
    address: str, key: bytes, tier: str | None, password: str | None, taken: set[str]
) -> DatabaseSketch:
    path = parse_address(address, password).path
    package = package_of(path) if path is not None and path.is_dir() else {}
    name = str(package.get("name") or "") or last_part(address)
    if name in taken:
        name = next(numbered for n in itertools.count(2) if (numbered := f"{name} ({n})") not in taken)
    rank = PRECEDENCE.index(tier) if tier is not None else None
    with open_source(address, password=password) as source:
        return described(sketch_source(source, name, key, rank=rank), package)


def last_part(address: str) -> str:
    """The last part of a path or address, without a query: the name of the database."""
    plain = address.split("://", 1)[-1].split("?", 1)[0] if "://" in address else address
    if "://" not in address:
        return Path(plain).absolute().name or address
    return plain.rstrip("/").rsplit("/", 1)[-1].rsplit("@", 1)[-1]


def _assigned(
    addresses: Sequence[str], given: Sequence[str], option: str, allowed: Sequence[str] = ()
) -> dict[str, str]:
    """`SOURCE=VALUE` options by source; SOURCE is the argument as it was given."""
    assigned: dict[str, str] = {}
    for pair in given:
        source, _, value = pair.rpartition("=")
        if source not in addresses:
            raise SourceAddressInvalid(
                source="…",
                reason_vi=f"{option}: không có nguồn này trong lệnh",
                reason_en=f"{option}: no such source in the command",
            )
        if allowed and value not in allowed:
            raise SourceAddressInvalid(
                source="…",
                reason_vi=f"{option}: chỉ nhận {', '.join(allowed)}",
                reason_en=f"{option}: must be one of {', '.join(allowed)}",
            )
        assigned[source] = value
    return assigned


def _password(name: str | None) -> str | None:
    if name is None:
        return None
    value = os.environ.get(name)
    if value is None:
        raise SourceAddressInvalid(
            source="…",
            reason_vi=f"không có biến môi trường {name}",
            reason_en=f"there is no environment variable {name}",
        )
    return value


def _say_and_exit(line: str, code: int) -> NoReturn:
    click.echo(" ".join(line.split()), err=True)
    sys.exit(code)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(TERMINATED)
