from __future__ import annotations

import pytest

from lienthong.foundation.tracing import carries
from lienthong.inventory import errors, rules


def table(name="xa", rows=10, key=("ma",), **columns):
    """A looked table; each column as type, nulls, distinct."""
    return {
        "name": name,
        "kind": "table",
        "rows": rows,
        "primary_key": list(key),
        "columns": [
            {"name": column, "type": kind, "nulls": nulls, "distinct": distinct, "min": "a", "max": "z"}
            for column, (kind, nulls, distinct) in columns.items()
        ],
    }


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://doc:bí@mật@10.0.0.5/hotich", "postgresql://doc@10.0.0.5/hotich"),
        ("postgresql://doc@10.0.0.5/hotich", "postgresql://doc@10.0.0.5/hotich"),
        ("mysql://h/d?password=xyz&charset=utf8", "mysql://h/d?charset=utf8"),
        ("postgresql://h/d?sslpassword=x", "postgresql://h/d"),
        ("/du-lieu/tep.csv", "/du-lieu/tep.csv"),
    ],
)
def test_a_typed_address_is_shown_again_without_its_password(address, shown):
    assert rules.without_password(address) == shown


def test_paths_are_read_only_from_open_folders(tmp_path):
    inside, outside = tmp_path / "mo", tmp_path / "dong"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.csv").write_text("x")
    (inside / "lien-ket.csv").symlink_to(outside / "a.csv")
    assert rules.require_inside(inside / "a.csv", [inside]) == inside / "a.csv"
    for path in (outside / "a.csv", inside / "../dong/a.csv", inside / "lien-ket.csv"):
        with pytest.raises(errors.FolderNotAllowed):
            rules.require_inside(path, [inside])


def test_options_that_reach_for_files_are_refused():
    assert rules.require_safe_options({"sslmode": "require"}) == {"sslmode": "require"}
    for option in ("sslrootcert", "sslkey", "socket", "ssl_ca"):
        with pytest.raises(errors.OptionNotAllowed):
            rules.require_safe_options({option: "/etc/passwd"})


def test_only_what_is_meant_for_sources_is_referred_to(tmp_path):
    keys = tmp_path / "keys" / "sources"
    keys.mkdir(parents=True)
    (keys / "hotich").write_text("mật khẩu")
    (tmp_path / "keys" / "django.key").write_text("bí mật")
    assert rules.require_reference("env:LIENTHONG_SOURCE_HOTICH", [keys]) == "env:LIENTHONG_SOURCE_HOTICH"
    assert rules.require_reference(f"file:{keys}/hotich", [keys]) == f"file:{keys}/hotich"
    for given in ("env:LIENTHONG_SECRET_KEY", "env:PATH", f"file:{keys}/../django.key", "vault:x", "env:"):
        with pytest.raises(errors.SecretReferenceRefused):
            rules.require_reference(given, [keys])


@pytest.mark.parametrize("name", ["a.exe", "a", "a.xls.pdf", "a.csv.gz"])
def test_files_of_other_kinds_are_refused(name):
    assert rules.file_ending("Biểu 05.XLSX") == ".xlsx"
    with pytest.raises(errors.FileKindRefused):
        rules.file_ending(name)


@carries("INV-02")
def test_counting_shows_broken_keys_and_empty_columns():
    found = rules.findings_in(
        [
            table(
                ma=("text", 1, 8),
                ten=("text", 0, 9),
                trong=("text", 10, 0),
                it=("text", 6, 2),
                mot=("text", 0, 1),
            ),
            table("khong", rows=0),
            table("khoa", key=(), a=("text", 0, 5)),
        ]
    )
    assert [(one["code"], one["column"]) for one in found] == [
        ("key_has_gaps", "ma"),
        ("key_not_unique", "ma"),
        ("column_empty", "trong"),
        ("column_mostly_empty", "it"),
        ("table_empty", ""),
        ("key_missing", ""),
        ("column_constant", "mot"),
    ]
    assert rules.text_of_finding(found[1], "vi") == "Khóa ma của bảng xa trùng 1 dòng"
    assert rules.text_of_finding(found[3], "en") == "Column xa.it is empty in 6 rows (60%)"
    sound = [table(ma=("text", 0, 10), ten=("text", 2, 8))]
    assert rules.findings_in(sound) == []


def test_completeness_is_the_share_of_filled_cells():
    assert rules.completeness_of([table(a=("text", 0, 1), b=("text", 5, 1))]) == 75.0
    assert rules.completeness_of([table(rows=0, a=("text", 0, 0))]) == 0.0
    assert rules.completeness_of([]) == 0.0


def test_a_profile_keeps_no_range_of_a_personal_column():
    profile = rules.profile_of([table(ma=("text", 0, 10), ho_ten=("text", 0, 9))], {("xa", "ho_ten")})
    ranges = {column["name"]: (column["min"], column["masked"]) for column in profile[0]["columns"]}
    assert ranges == {"ma": ("a", False), "ho_ten": (None, True)}
    assert rules.without_values(table(ho_ten=("text", 0, 9)), {"ho_ten"})["columns"][0]["max"] is None


def test_the_worst_columns_come_first():
    profile = rules.profile_of([table(a=("text", 2, 1), b=("text", 9, 1), c=("text", 0, 1))], set())
    assert [(one["name"], one["share"]) for one in rules.worst_columns(profile)] == [("b", 90.0), ("a", 20.0)]


@carries("INV-02", "INV-03", "INV-06", "UPG-01")
def test_data_not_fit_to_be_shared_need_a_reason_and_an_action():
    said = {"quality": "Tốt", "conclusion": "Đạt", "reason": "", "proposed_actions": ""}
    rules.require_conclusion(**said, shareable=True)
    for missing in ("quality", "conclusion"):
        with pytest.raises(errors.ConclusionMissing):
            rules.require_conclusion(**(said | {missing: " "}), shareable=True)
    for shareable in (None, False):
        with pytest.raises(errors.ConclusionMissing):
            rules.require_conclusion(**said, shareable=shareable)
    with pytest.raises(errors.ProposedActionMissing):
        rules.require_conclusion(**(said | {"reason": "Mã chưa chuẩn"}), shareable=False)
    rules.require_conclusion(
        **(said | {"reason": "Mã chưa chuẩn", "proposed_actions": "Chuẩn hóa mã"}), shareable=False
    )
