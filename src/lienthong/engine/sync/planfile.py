"""A plan as plain data, as it stands in a file: read strictly, so that a slip of the pen is told and not guessed.

    source: {address: postgresql://reader@host/db, table: commune, password_env: SOURCE_PASSWORD}
    target: {address: sqlite:///data/copy.db, table: xa, password_env: …}
    key: [ma_xa]
    columns:
      ma_xa: code                                   # the target's column: the source's
      ten_xa: {source: name, conversion: trim}
      ma_cu: {source: old, conversion: [trim, {kind: codes, file: codes.csv, unknown: set_aside}]}
      nguon: {constant: BNV}
    watermark: updated_at                           # and any other field of `SyncPlan`
    held: ["00004", {code: "00005"}]                # rows that are held back: by the key, or by columns of the source

Passwords stand in no plan: `password_env` names the environment variable that holds one.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml

from lienthong.engine.errors import SourceAddressInvalid
from lienthong.engine.sync.errors import PlanInvalid
from lienthong.engine.sync.shapes import ColumnMap, Conversion, ConversionKind, Side, SyncPlan

_FIELDS: dict[str, tuple[type, ...]] = {
    "rung": (str,), "watermark": (str,), "overlap_seconds": (int, float), "deletes": (str,), "tombstone": (str,),
    "guard_share": (int, float, type(None)), "chunk_rows": (int,), "on_bad_row": (str,), "most_set_aside": (int,),
    "create": (bool,), "job": (str,),
}  # fmt: skip
_EXPECTED: dict[type, tuple[str, str]] = {
    str: ("một chữ hoặc một tên", "a word or a name"),
    int: ("một số", "a number"),
    bool: ("true hoặc false", "true or false"),
}
_KINDS: tuple[ConversionKind, ...] = get_args(ConversionKind)


def plan_from(form: Any, folder: Path) -> SyncPlan:
    """The plan in this plain data; files of codes are looked for beside it. Raises PlanInvalid."""
    known = _known(form, "phương án", "the plan", {"source", "target", "key", "columns", "held", *_FIELDS})
    given: dict[str, Any] = {}
    for name, kinds in _FIELDS.items():
        if name in known:
            value = known[name]
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                vi, en = _EXPECTED[kinds[0]]
                raise _wrong(f"{name}: cần {vi}", f"{name}: {en} is needed")
            given[name] = value
    key = known.get("key")
    key = [key] if isinstance(key, str) else key
    if not isinstance(key, list) or not all(isinstance(name, str) for name in key):
        raise _wrong("key: cần tên cột hoặc danh sách tên cột", "key: a name or a list of names is needed")
    return SyncPlan(
        source=_side(known.get("source"), "source"),
        target=_side(known.get("target"), "target"),
        key=tuple(key),
        columns=_columns(known.get("columns"), folder),
        held=_held(known.get("held")),
        **given,
    )


class _Strict(yaml.SafeLoader):
    """Refuses what would be taken silently: of two values under one name the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode) and name.tag != "tag:yaml.org,2002:merge":
                if name.value in seen:
                    line = name.start_mark.line + 1
                    raise _wrong(
                        f"dòng {line}: mục {name.value[:40]} được ghi hai lần",
                        f"line {line}: {name.value[:40]} stands there twice",
                    )
                seen.add(name.value)
        return super().construct_mapping(node, deep)


def plan_in(path: Path) -> SyncPlan:
    """The plan in this file. Raises PlanInvalid."""
    try:
        form = yaml.load(path.read_text(encoding="utf-8-sig"), _Strict)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise _wrong(
            f"{path.name} không đúng cú pháp YAML ở dòng {line}",
            f"{path.name} breaks the rules of YAML at line {line}",
        ) from None
    except (OSError, ValueError, TypeError, RecursionError, yaml.YAMLError):
        raise _wrong(
            f"{path.name} không phải tệp YAML đọc được", f"{path.name} is no readable YAML file"
        ) from None
    return plan_from(form, path.parent)


def _held(form: Any) -> tuple[Mapping[str, Any], ...]:
    rows = [] if form is None else form
    if not isinstance(rows, list) or not all(
        isinstance(row, (str, int, Mapping)) and row != {} for row in rows
    ):
        raise _wrong(
            "held: cần danh sách khóa, hoặc danh sách cột: giá trị",
            "held: a list of keys, or of columns with their values, is needed",
        )
    return tuple(
        {str(name): value for name, value in row.items()} if isinstance(row, Mapping) else {"": str(row)}
        for row in rows
    )


def _side(form: Any, name: str) -> Side:
    known = _known(form, name, name, {"address", "table", "password_env", "options"})
    address, table = known.get("address"), known.get("table", "")
    if not isinstance(address, str) or not isinstance(table, str) or not address.strip():
        raise _wrong(f"{name}: cần address và table", f"{name}: address and table are needed")
    side = Side(address, table)
    if side.kind in ("postgresql", "mysql", "oracle", "sqlserver") and side.named().password is not None:
        raise _wrong(
            f"{name}: không ghi mật khẩu trong phương án; dùng password_env",
            f"{name}: no password stands in a plan; use password_env",
        )
    variable = known.get("password_env")
    if variable is None:
        return side
    if not isinstance(variable, str):
        raise _wrong(f"{name}: password_env là tên biến môi trường", f"{name}: password_env names a variable")
    return Side(address, table, password=lambda: _password_in(variable))


def _password_in(variable: str) -> str:
    value = os.environ.get(variable)
    if value is None:
        raise SourceAddressInvalid(
            source="…",
            reason_vi=f"không có biến môi trường {variable}",
            reason_en=f"there is no environment variable {variable}",
        )
    return value


def _columns(form: Any, folder: Path) -> tuple[ColumnMap, ...]:
    if form is None:
        return ()
    if isinstance(form, list) and all(isinstance(name, str) for name in form):
        return tuple(ColumnMap(name, name) for name in form)
    if not isinstance(form, Mapping):
        raise _wrong("columns: cần danh sách tên hoặc cặp tên", "columns: names or pairs of names are needed")
    return tuple(_column(str(target), value, folder) for target, value in form.items())


def _column(target: str, form: Any, folder: Path) -> ColumnMap:
    if isinstance(form, str):
        return ColumnMap(target, form)
    known = _known(form, f"cột {target}", f"column {target}", {"source", "conversion", "constant"})
    if "constant" in known:
        return ColumnMap(target, None, Conversion("constant", {"value": known["constant"]}))
    if not isinstance(known.get("source"), str):
        raise _wrong(f"cột {target}: cần source", f"column {target}: source is needed")
    steps = known.get("conversion")
    listed = [] if steps is None else steps if isinstance(steps, list) else [steps]
    conversion = None
    for step in reversed(listed):
        conversion = _step(target, step, folder, conversion)
    return ColumnMap(target, known["source"], conversion)


def _step(target: str, form: Any, folder: Path, then: Conversion | None) -> Conversion:
    options = {"kind": form} if isinstance(form, str) else dict(form) if isinstance(form, Mapping) else {}
    kind = options.pop("kind", None)
    known = next((one for one in _KINDS if one == kind), None)
    if known is None:
        raise _wrong(
            f"cột {target}: phép đổi phải là một trong {', '.join(_KINDS)}",
            f"column {target}: a conversion is one of {', '.join(_KINDS)}",
        )
    if known == "codes" and "file" in options:
        options["table"] = codes_in(folder / str(options.pop("file")))
    return Conversion(known, options, then)


def codes_in(path: Path) -> dict[str, list[str]]:
    """A table of codes from a CSV of two columns: the old code and the one that follows, once for each that does."""
    table: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                if len(row) >= 2 and row[0].strip():
                    table.setdefault(row[0].strip(), []).append(row[1].strip())
    except (OSError, UnicodeDecodeError, csv.Error):
        raise _wrong(
            f"không đọc được bảng mã {path.name}", f"the table of codes {path.name} cannot be read"
        ) from None
    return table


def _known(form: Any, vi: str, en: str, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(form, Mapping):
        raise _wrong(f"{vi}: thiếu hoặc không đúng dạng", f"{en}: missing or not of the right form")
    unknown = sorted(str(name) for name in form if name not in names)
    if unknown:
        listed = ", ".join(sorted(names))
        shown = ", ".join(name[:40] for name in unknown)
        raise _wrong(
            f"{vi}: không có mục {shown}; chỉ có {listed}", f"{en}: there is no {shown}; there are {listed}"
        )
    return form


def _wrong(vi: str, en: str) -> PlanInvalid:
    return PlanInvalid(reason_vi=vi, reason_en=en)


def form_of(plan: SyncPlan, names: Sequence[str], passwords: Mapping[str, str]) -> dict[str, Any]:
    """A plan as plain data to begin from: every column to its namesake, and the fields that people most often set."""
    form: dict[str, Any] = {}
    for name, side in (("source", plan.source), ("target", plan.target)):
        form[name] = {"address": side.address, "table": side.table}
        if name in passwords:
            form[name]["password_env"] = passwords[name]
    form["key"] = list(plan.key)
    form["columns"] = {name: name for name in names}
    if plan.watermark is not None:
        form["watermark"] = plan.watermark
    form |= {
        "rung": plan.rung,
        "deletes": plan.deletes,
        "guard_share": plan.guard_share,
        "create": plan.create,
    }
    return form
