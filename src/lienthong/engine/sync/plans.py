"""A plan made whole before anything is read: does it make sense, which column goes where, and is it the plan of last time?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lienthong.engine.shapes import Column
from lienthong.engine.sync.errors import PlanInvalid, SourceChanged, TargetUnfit
from lienthong.engine.sync.shapes import RUNGS, ColumnMap, SyncPlan
from lienthong.engine.sync.target import TargetColumn


def check_plan(plan: SyncPlan) -> None:
    """Refuse a plan that makes no sense whatever the sides hold. Raises PlanInvalid."""
    targets = [column.target for column in plan.columns]
    doubled = sorted({name for name in targets if targets.count(name) > 1})
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
        (plan.chunk_rows < 1, "số dòng mỗi bước phải lớn hơn 0", "the rows of one step must be more than 0"),
        (plan.overlap_seconds < 0, "cửa sổ đọc lùi không được âm", "the overlap must not be negative"),
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
    """Check that the source has the columns the plan asks for, as the last run saw them. Raises SourceChanged."""
    types = {column.name: column.type for column in have}
    missing = {one.source for one in wanted if one.source is not None and one.source not in types}
    missing |= {name for name in beside if name not in types}
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
