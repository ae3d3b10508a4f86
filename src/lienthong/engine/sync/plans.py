"""A plan made whole before anything is read: does it make sense, which column goes where, and is it the plan of last time?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lienthong.engine.shapes import Column
from lienthong.engine.sync.errors import PlanInvalid, SourceChanged, TargetUnfit
from lienthong.engine.sync.shapes import RUNGS, ColumnMap, Conversion, SyncPlan
from lienthong.engine.sync.target import TargetColumn

_CHUNK_AT_MOST = 10_000_000
_OVERLAP_AT_MOST = 366 * 86_400


def check_plan(plan: SyncPlan) -> None:
    """Refuse a plan that makes no sense whatever the sides hold. Raises PlanInvalid."""
    targets = [column.target for column in plan.columns]
    doubled = sorted({name for name in targets if targets.count(name) > 1})
    constant = [one.target for one in plan.columns if one.source is None and one.target in plan.key]
    unmapped = [name for name in plan.key if targets and name not in targets]
    problems: list[tuple[bool, str, str]] = [
        (not plan.key, "thiếu khóa (key)", "the key is missing"),
        (len(set(plan.key)) != len(plan.key), "khóa có cột bị lặp", "the key names a column twice"),
        (bool(doubled), f"cột {', '.join(doubled)} được ghép hai lần", f"the column {', '.join(doubled)} is filled twice"),
        (bool(unmapped), f"cột khóa {', '.join(unmapped)} chưa được ghép", f"the key column {', '.join(unmapped)} is not mapped"),
        (
            plan.rung not in ("auto", "contents", *RUNGS[1:]),
            f"không có cách phát hiện thay đổi “{plan.rung}”",
            f"there is no way to notice changes called “{plan.rung}”",
        ),
        (
            plan.rung == "watermark" and not plan.watermark,
            "cách “watermark” cần tên cột mốc thời gian",
            "the way `watermark` needs the name of its column",
        ),
        (
            plan.deletes == "tombstone" and not plan.tombstone,
            "cách xóa “tombstone” cần tên cột đánh dấu",
            "deletes by `tombstone` need the name of the column",
        ),
        (
            plan.deletes not in ("auto", "feed", "tombstone", "keys", "none"),
            f"không có cách nhận biết dòng bị xóa “{plan.deletes}”",
            f"there is no way to see removed rows called “{plan.deletes}”",
        ),
        (
            plan.guard_share is not None and not 0 <= plan.guard_share <= 1,
            "tỷ lệ xóa cho phép phải từ 0 đến 1",
            "the share that may be deleted must lie between 0 and 1",
        ),
        (
            not 1 <= plan.chunk_rows <= _CHUNK_AT_MOST,
            f"số dòng mỗi bước (chunk_rows) phải từ 1 đến {_CHUNK_AT_MOST}",
            f"the rows of one step (chunk_rows) must lie between 1 and {_CHUNK_AT_MOST}",
        ),
        (
            not 0 <= plan.overlap_seconds <= _OVERLAP_AT_MOST,
            f"cửa sổ đọc lùi (overlap_seconds) phải từ 0 đến {_OVERLAP_AT_MOST} giây",
            f"the overlap (overlap_seconds) must lie between 0 and {_OVERLAP_AT_MOST} seconds",
        ),
        (plan.most_set_aside < 0, "most_set_aside không được âm", "most_set_aside must not be negative"),
        (bool(constant), f"cột khóa {', '.join(constant)} không thể là hằng số", f"the key column {', '.join(constant)} cannot be a constant"),
        (
            (plan.source.address, plan.source.table) == (plan.target.address, plan.target.table),
            "nguồn và bảng nhận là cùng một bảng",
            "the source and the target are the same table",
        ),
        (plan.on_bad_row not in ("set_aside", "stop"), "on_bad_row là set_aside hoặc stop", "on_bad_row is set_aside or stop"),
        (
            any(one.source is None and (one.conversion is None or one.conversion.kind != "constant") for one in plan.columns),
            "cột không có nguồn phải là hằng số",
            "a column without a source must be a constant",
        ),
    ]  # fmt: skip
    for wrong, vi, en in problems:
        if wrong:
            raise PlanInvalid(reason_vi=vi, reason_en=en)
    for column in plan.columns:
        for step in column.conversion.steps() if column.conversion is not None else ():
            _check_step(column.target, step)


def _check_step(target: str, step: Conversion) -> None:
    """Refuse a step of a conversion with an option that it does not have, or whose value it cannot use."""
    allowed = _OPTIONS.get(step.kind, {})
    for name, value in step.options.items():
        if name not in allowed:
            listed = ", ".join(allowed) or "–"
            raise PlanInvalid(
                reason_vi=f"cột {target}: phép đổi {step.kind} không có mục {str(name)[:40]}; chỉ có: {listed}",
                reason_en=f"column {target}: the conversion {step.kind} has no {str(name)[:40]}; there are: {listed}",
            )
        holds, vi, en = allowed[name]
        if not holds(value):
            raise PlanInvalid(
                reason_vi=f"cột {target}: {name} của phép đổi {step.kind} phải là {vi}",
                reason_en=f"column {target}: {name} of the conversion {step.kind} must be {en}",
            )
    if step.kind == "pad" and "length" not in step.options:
        raise PlanInvalid(
            reason_vi=f"cột {target}: phép đổi pad cần length",
            reason_en=f"column {target}: pad needs its length",
        )


def _between(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, dt.date, Decimal))


def _is_code_table(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(follows, str)
        or (isinstance(follows, Sequence) and all(isinstance(one, str) for one in follows))
        for follows in value.values()
    )


_OPTIONS: Mapping[str, Mapping[str, tuple[Callable[[Any], bool], str, str]]] = {
    "pad": {"length": (_between(1, 1000), "số nguyên từ 1 đến 1000", "a whole number from 1 to 1000")},
    "date": {"order": (lambda value: value in ("dmy", "mdy", "ymd"), "dmy, mdy hoặc ymd", "dmy, mdy or ymd")},
    "decimal": {"scale": (_between(0, 38), "số nguyên từ 0 đến 38", "a whole number from 0 to 38")},
    "constant": {"value": (_is_plain, "một giá trị đơn", "a single value")},
    "codes": {
        "table": (_is_code_table, "bảng mã cũ: mã mới (dạng chữ)", "a table of old codes with the new ones, as text"),
        "unknown": (
            lambda value: value in ("set_aside", "keep", "null"),
            "set_aside, keep hoặc null",
            "set_aside, keep or null",
        ),
    },
}  # fmt: skip


def job_of(plan: SyncPlan) -> str:
    """The name under which the target remembers this plan."""
    if plan.job:
        return plan.job
    named = f"{plan.source.display}\n{plan.source.table}\n{plan.target.table}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def source_key_of(plan: SyncPlan) -> tuple[str, ...]:
    """The columns of the source behind the key, as the plan says."""
    sources = {column.target: column.source for column in plan.columns}
    return tuple(sources.get(name) or name for name in plan.key)


def named_in(plan: SyncPlan) -> tuple[str, ...]:
    """The columns of the source that a plan names, where it names them."""
    mapped = [column.source for column in plan.columns if column.source is not None]
    return tuple(filter(None, [*mapped, plan.watermark, plan.tombstone])) if mapped else ()


def resolved(plan: SyncPlan, columns: Sequence[Column]) -> tuple[ColumnMap, ...]:
    """Which column of the source goes to which of the target; every one to its namesake where the plan says nothing."""
    if plan.columns:
        return plan.columns
    named = tuple(ColumnMap(column.name, column.name) for column in columns)
    missing = [name for name in plan.key if name not in {one.target for one in named}]
    if missing:
        raise PlanInvalid(
            reason_vi=f"nguồn không có cột khóa {', '.join(missing)}",
            reason_en=f"the source has no key column {', '.join(missing)}",
        )
    return named


def fingerprint(plan: SyncPlan, columns: Sequence[ColumnMap]) -> str:
    """A short text that changes when rows would come out otherwise: other columns, other conversions, another key."""

    def steps(column: ColumnMap) -> list[Any]:
        found = column.conversion.steps() if column.conversion is not None else ()
        return [[step.kind, _plain(step.options)] for step in found]

    form = {
        "key": plan.key,
        "columns": sorted([one.target, one.source, steps(one)] for one in columns),
        "source": [plan.source.display, plan.source.table],
    }
    return hashlib.sha256(json.dumps(form, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _plain(options: Mapping[str, Any]) -> Any:
    return {
        name: {str(old): new if isinstance(new, str) else list(new) for old, new in value.items()}
        if isinstance(value, Mapping)
        else value
        for name, value in options.items()
    }


def require_source(
    display: str,
    table: str,
    have: Sequence[Column],
    wanted: Sequence[ColumnMap],
    beside: Sequence[str],
    before: Sequence[Sequence[str]] | None,
    *,
    implicit: bool,
    takes: Sequence[TargetColumn],
) -> None:
    """Check that the source has the columns the plan asks for, as the last run saw them. Raises SourceChanged, and
    PlanInvalid where no run has seen them yet.
    """
    types = {column.name: column.type for column in have}
    missing = {one.source for one in wanted if one.source is not None and one.source not in types}
    missing |= {name for name in beside if name not in types}
    if missing and before is None:
        listed = ", ".join(sorted(filter(None, missing)))
        raise PlanInvalid(
            reason_vi=f"bảng “{table}” của {display} không có cột {listed}",
            reason_en=f"the table “{table}” of {display} has no column {listed}",
        )
    retyped = []
    added: list[str] = []
    if before is not None:
        known = {name: kind for name, kind, *_ in before}
        # What a source does not declare is told from its values, and one odd value is no other column.
        declared = {name for name, _, native in before if native} & {
            one.name for one in have if one.native_type
        }
        used = {one.source for one in wanted} | set(beside)
        if implicit:
            missing |= {name for name in known if name not in types}
            can_take = {column.name for column in takes}
            added = [name for name in types if name not in known and name not in can_take]
        retyped = [
            f"{name}: {known[name]} → {types[name]}"
            for name in types
            if name in declared and name in used and known[name] != types[name]
        ]
    told = [
        *(f"- {name}" for name in sorted(filter(None, missing))),
        *(f"+ {name}" for name in added),
        *retyped,
    ]
    if told:
        raise SourceChanged(source=display, table=table, columns="; ".join(told))


def require_target(
    display: str, table: str, have: Sequence[TargetColumn], wanted: Sequence[ColumnMap]
) -> dict[str, TargetColumn]:
    """The columns of the target by name. Raises TargetUnfit when it cannot take what the plan sends."""
    found = {column.name: column for column in have}
    sent = {one.target for one in wanted}
    missing = [name for name in sent if name not in found]
    computed = [name for name in sent if name in found and found[name].computed]
    needed = [
        column.name
        for column in have
        if column.name not in sent and not column.nullable and not column.defaulted and not column.computed
    ]
    for names, vi, en in (
        (missing, "không có cột", "it has no column"),
        (computed, "máy chủ tự tính cột", "the server itself computes the column"),
        (needed, "cột bắt buộc chưa được ghép", "a mandatory column is not mapped:"),
    ):
        if names:
            listed = ", ".join(sorted(names))
            raise TargetUnfit(
                target=display, table=table, reason_vi=f"{vi} {listed}", reason_en=f"{en} {listed}"
            )
    return found
