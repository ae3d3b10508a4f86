"""Sketch files: written whole, read with nothing believed; whatever is wrong is one clear error."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pytest

from lienthong.engine.overlap.errors import (
    SketchDamaged,
    SketchError,
    SketchExpired,
    SketchKeyInvalid,
    SketchKeysDiffer,
    SketchNotOurs,
    SketchNotWritten,
    SketchTooLarge,
    SketchVersionUnknown,
)
from lienthong.engine.overlap.keys import fingerprint, read_key, seal, write_new_key
from lienthong.engine.overlap.leaving import Leaving, Meaning, Policy, leaving
from lienthong.engine.overlap.matching import find_overlaps
from lienthong.engine.overlap.sketchfile import MOST_BYTES, Letter, is_sketch_file, read_sketch, write_sketch
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import KEY, people, sketched

TODAY = date(2026, 11, 22)
LETTER = Letter(2, "Phòng Dữ liệu", datetime(2026, 11, 22, tzinfo=UTC), date(2027, 2, 20), "2026-Q4")


@lru_cache(maxsize=4)
def what(size: int = 1200) -> Leaving:
    register = people(2, size)
    known = {("nguoi", name): Meaning("none") for name in register.column_names}
    return leaving(sketched("dân cư", plan=Plan(), nguoi=register), known, Policy(), level=2)


@pytest.fixture
def path(tmp_path):
    write_sketch(tmp_path / "a.sketch", what(), LETTER, KEY)
    return tmp_path / "a.sketch"


def test_a_file_says_by_whom_and_until_when_it_was_made(path):
    read = read_sketch(path, today=TODAY, key=KEY)

    assert (read.letter.made_by, read.letter.period, read.letter.expires) == (
        "Phòng Dữ liệu",
        "2026-Q4",
        date(2027, 2, 20),
    )
    assert read.letter.key == fingerprint(KEY)
    assert read.sketch.name == "dân cư"
    assert path.stat().st_mode & 0o077 == 0
    assert is_sketch_file(path)
    for one, other in zip(read.sketch.tables[0].columns, what().sketch.tables[0].columns, strict=True):
        assert (one.name, one.facts, one.lists, set(one.values)) == (
            other.name, other.facts, other.lists, set(other.values))  # fmt: skip
        for family, values in one.values.items():
            assert values.hashes.tolist() == other.values[family].hashes.tolist()


def test_what_is_read_is_compared_as_what_was_sketched(path, tmp_path):
    write_sketch(tmp_path / "b.sketch", what(1150), LETTER, KEY)
    one, other = (read_sketch(file, today=TODAY).sketch for file in (path, tmp_path / "b.sketch"))

    found = find_overlaps(one, other)

    assert found.verdict.overlaps
    key = next(match for match in found.matches if match.left.column == "so_dinh_danh")
    assert key.level == 2
    assert key.containment_right.value == pytest.approx(1.0, abs=0.01)
    assert key.containment_left.value == pytest.approx(1150 / 1200, abs=0.01)


def signed(content: bytes) -> bytes:
    """The same content with digest and seal as its forger would make them, not having the key."""
    body = content[:-144]
    return body + b"\nsha-256 " + hashlib.sha256(body).hexdigest().encode() + b"\nseal " + b"-" * 64 + b"\n"


def rewritten(content: bytes, change) -> bytes:
    """The file with its header changed, and lengths and digest made right again."""
    magic, lengths, rest = content[:-144].split(b"\n", 2)
    header_length = int(lengths.split()[1])
    form = json.loads(rest[:header_length])
    change(form)
    header = json.dumps(form, ensure_ascii=False).encode()
    values = rest[header_length + 1 :]
    body = b"\n".join((magic, f"header {len(header)} values {len(values)}".encode(), header, values))
    return signed(body + b" " * 144)


def column(form):
    return form["tables"][0]["columns"][0]


def deep(form):
    form["tables"][0]["columns"][0]["facts"]["masks"] = {"a": {}}


FORGED = {
    "no format": lambda form: form.pop("format"),
    "level 7": lambda form: form.update(level=7),
    "less than its level": lambda form: form.update(level=1),
    "no tables": lambda form: form.update(tables=5),
    "no name": lambda form: column(form).pop("name"),
    "no type": lambda form: column(form).update(type="blob"),
    "one value": lambda form: column(form)["values"]["plain"].update(distinct=1, hashes=1),
    "other count": lambda form: column(form)["values"]["plain"].update(hashes=900),
    "endless count": lambda form: column(form)["values"]["plain"].update(hashes=10**9, distinct=10**9),
    "other place": lambda form: column(form)["values"]["plain"].update(at=10**9),
    "before the place": lambda form: column(form)["values"]["plain"].update(at=-5),
    "no bits": lambda form: column(form)["values"]["plain"].update(bits=70),
    "no fact": lambda form: column(form)["facts"].update(rows="many"),
    "unknown fact": lambda form: column(form)["facts"].update(values=["034085000123"]),
    "not a number": lambda form: column(form)["facts"].update(avg_length=float("nan")),
    "some quantiles": lambda form: column(form)["facts"].update(quantiles=[1.0, 2.0]),
    "one birth": lambda form: column(form)["facts"].update(births=[9000.0]),
    "deep": deep,
    "no day": lambda form: form.update(expires="tomorrow"),
    "no key": lambda form: form.update(key=None),
    "policy of text": lambda form: form.update(policy="none"),
    "the same bytes twice": lambda form: column(form)["values"].update(core=column(form)["values"]["plain"]),
    "signs for the terminal": lambda form: form.update(made_by="\x1b[2J"),
    "endless name": lambda form: column(form).update(name="x" * 5000),
}


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_header_that_keeps_no_form_is_refused(path, name):
    path.write_bytes(rewritten(path.read_bytes(), FORGED[name]))

    with pytest.raises(SketchDamaged) as refused:
        read_sketch(path, today=TODAY)

    assert refused.value.text("vi") != refused.value.text("en")


def test_a_forger_without_the_key_is_found_out_by_holders_of_it(path):
    path.write_bytes(rewritten(path.read_bytes(), lambda form: form.update(made_by="ai đó")))

    assert read_sketch(path, today=TODAY).letter.made_by == "ai đó"
    with pytest.raises(SketchDamaged):
        read_sketch(path, today=TODAY, key=KEY)


def test_a_file_without_hashes_needs_no_seal_and_one_that_has_a_seal_keeps_it(tmp_path):
    plain = leaving(sketched("d", t=people(2, 300)), {}, Policy(), level=1)
    letter = replace(LETTER, level=1)
    write_sketch(tmp_path / "unsealed.sketch", plain, letter, None)
    write_sketch(tmp_path / "sealed.sketch", plain, letter, KEY)

    assert read_sketch(tmp_path / "unsealed.sketch", today=TODAY, key=KEY).letter.seal is None
    assert read_sketch(tmp_path / "sealed.sketch", today=TODAY, key=KEY).letter.seal is not None
    with pytest.raises(SketchDamaged):
        read_sketch(tmp_path / "sealed.sketch", today=TODAY, key=b"of another period" * 2)


@pytest.mark.parametrize("size", [0, 5, 17, 19, 40, 200, 3000, -1, -144, -145])
def test_a_file_that_is_cut_off_is_refused(path, size):
    path.write_bytes(path.read_bytes()[:size] if size else b"")

    with pytest.raises(SketchError) as refused:
        read_sketch(path, today=TODAY)

    assert type(refused.value) in (SketchDamaged, SketchNotOurs, SketchVersionUnknown)


def test_a_changed_byte_anywhere_is_seen(path):
    content = path.read_bytes()
    for place in np.random.default_rng(4).choice(len(content), 60, replace=False):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(SketchError):
            read_sketch(path, today=TODAY, key=KEY)


def test_versions_strangers_and_expired_files_are_told_apart(path, tmp_path):
    content = path.read_bytes()
    with pytest.raises(SketchExpired):
        read_sketch(path, today=date(2027, 2, 21))
    assert read_sketch(path, today=date(2027, 2, 20))
    with pytest.raises(SketchKeysDiffer):
        read_sketch(path, today=TODAY, key=b"another key of sixteen bytes")
    path.write_bytes(content.replace(b"SKETCH 1\n", b"SKETCH 2\n", 1))
    with pytest.raises(SketchVersionUnknown):
        read_sketch(path, today=TODAY)
    path.write_bytes(b"a,b\n1,2\n")
    assert not is_sketch_file(path)
    with pytest.raises(SketchNotOurs):
        read_sketch(path, today=TODAY)
    with pytest.raises(SketchNotOurs):
        read_sketch(tmp_path / "none", today=TODAY)


def test_a_huge_file_is_refused_unread(path):
    with path.open("r+b") as file:
        file.truncate(MOST_BYTES + 1)

    with pytest.raises(SketchTooLarge):
        read_sketch(path, today=TODAY)


def test_only_sketch_files_are_written_over(path, tmp_path):
    other = tmp_path / "so-lieu.csv"
    other.write_text("a,b\n")
    for place in (other, tmp_path / "none" / "a.sketch"):
        with pytest.raises(SketchNotWritten):
            write_sketch(place, what(), LETTER, KEY)
    assert other.read_text() == "a,b\n"
    write_sketch(path, what(), LETTER, KEY)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.sketch", "so-lieu.csv"]


def test_names_and_shapes_with_odd_signs_can_be_read_again(tmp_path):
    table = pa.table({"mã\tsố\x1b": [f"A\t{number}" for number in range(300)], "ghi\nchú": ["x"] * 300})
    sketch = sketched("kho\x07", plan=Plan(), **{"bảng\r1": table})
    known = {("bảng\r1", name): Meaning("none") for name in table.column_names}
    write_sketch(tmp_path / "a.sketch", leaving(sketch, known, Policy(), level=2), LETTER, KEY)

    read = read_sketch(tmp_path / "a.sketch", today=TODAY, key=KEY)

    assert read.sketch.name == "kho "
    assert [column.name for column in read.sketch.tables[0].columns] == ["mã số ", "ghi chú"]
    assert len(read.sketch.tables[0].columns[0].values["plain"].hashes) == 300


def test_hashes_leave_only_under_a_key(tmp_path):
    with pytest.raises(ValueError, match="under a key"):
        write_sketch(tmp_path / "a.sketch", what(), LETTER, None)


def test_keys_are_random_long_and_never_written_over(tmp_path):
    known_by = write_new_key(tmp_path / "k")

    key = read_key(tmp_path / "k")

    assert (len(key), fingerprint(key)) == (64, known_by)
    assert (tmp_path / "k").stat().st_mode & 0o077 == 0
    assert seal(key, b"d") != seal(KEY, b"d")
    with pytest.raises(SketchNotWritten):
        write_new_key(tmp_path / "k")
    for bad in (b"", b"short", b"a" * 64, b"x" * 5000):
        (tmp_path / "bad").write_bytes(bad)
        with pytest.raises(SketchKeyInvalid):
            read_key(tmp_path / "bad")
    with pytest.raises(SketchKeyInvalid):
        read_key(tmp_path / "none")
