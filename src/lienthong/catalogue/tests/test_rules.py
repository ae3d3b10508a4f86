from __future__ import annotations

from datetime import date

import pytest

from lienthong.catalogue import errors, rules
from lienthong.foundation.tracing import carries

COMPLETE = dict.fromkeys(rules.ENTRY_FIELDS, "đã có nội dung")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("H99.07.DB07", "H99.07.DB07"),
        (" h99.07.db07 ", "H99.07.DB07"),
        ("G15-DVHC", "G15-DVHC"),
        ("ABC", "ABC"),
    ],
)
def test_a_code_is_kept_in_capitals(given, kept):
    assert rules.normal_code(given) == kept


@pytest.mark.parametrize(
    "given", ["", "AB", "A" * 61, "H99..DB", ".H99", "H99 DB", "CSDL/ĐẤT", "đất đai", "A_B", "H99.\n"]
)
def test_a_code_of_another_form_is_refused(given):
    with pytest.raises(errors.CodeRefused):
        rules.normal_code(given)


@carries("CAT-01")
@pytest.mark.parametrize("tier", ["", "province", "NATIONAL"])
def test_a_database_has_one_of_five_classes(tier):
    for known in rules.TIERS:
        rules.require_class(known)
    with pytest.raises(errors.ClassMissing):
        rules.require_class(tier)


@carries("CAT-04")
def test_a_local_database_states_its_base_and_others_have_none():
    assert rules.require_local_base("local", "assigned_by_law") == "assigned_by_law"
    assert rules.require_local_base("national", "assigned_by_law") == ""
    with pytest.raises(errors.LocalBaseMissing):
        rules.require_local_base("local", "")


@carries("LDL-03")
def test_nothing_is_collected_without_a_basis():
    rules.require_legal_basis("Nghị định số 47/2020/NĐ-CP")
    for empty in ("", "   ", "có"):
        with pytest.raises(errors.LegalBasisMissing):
            rules.require_legal_basis(empty)


@carries("CAT-02", "CAT-06", "LDL-01")
def test_an_entry_says_everything_that_is_missing_at_once():
    rules.require_complete_entry(COMPLETE, fields=4, unconfirmed=0, without_class=0)
    with pytest.raises(errors.EntryIncomplete) as refusal:
        rules.require_complete_entry(COMPLETE | {"purpose": " "}, fields=4, unconfirmed=3, without_class=2)
    text = refusal.value.text("vi")
    assert "mục đích" in text
    assert "3 cột" in text
    assert "nhóm chia sẻ của 2 cột" in text
    with pytest.raises(errors.EntryIncomplete, match="look at the source"):
        rules.require_complete_entry(COMPLETE, fields=0, unconfirmed=0, without_class=0)


def test_a_decision_has_a_number_and_is_not_of_tomorrow():
    today = date(2026, 11, 19)
    assert rules.require_decision(" 15/QĐ-UBND ", today, today) == "15/QĐ-UBND"
    with pytest.raises(errors.DecisionNumberMissing):
        rules.require_decision(" ", today, today)
    with pytest.raises(errors.DecisionDateRefused):
        rules.require_decision("15/QĐ-UBND", date(2026, 11, 20), today)


def test_a_dataset_keeps_columns_of_its_table_and_its_key():
    known = ["ma", "ten", "tinh"]
    assert rules.require_columns("xa", known, [], ["ma"]) == (known, ["ma"])
    assert rules.require_columns("xa", known, ["ten", "ma", "ma"], ["ma"]) == (["ten", "ma"], ["ma"])
    with pytest.raises(errors.ColumnsUnknown):
        rules.require_columns("xa", known, ["khac"], ["ma"])
    for key in ([], ["tinh"]):
        with pytest.raises(errors.KeyRefused):
            rules.require_columns("xa", known, ["ma", "ten"], key)


@pytest.mark.parametrize(
    ("name", "comment", "personal", "shared"),
    [
        ("SO_DINH_DANH", "", "basic", "shared"),
        ("hoTen", "", "basic", "shared"),
        ("c7", "Họ và tên người nộp", "basic", "shared"),
        ("DAN_TOC", "", "sensitive", "private_use"),
        ("ma_xa", "", "none", "shared"),
        ("ten_xa", "", "none", "shared"),
        ("dien_tich_km2", "", "none", "shared"),
    ],
)
def test_a_proposal_follows_from_name_and_comment(name, comment, personal, shared):
    proposal = rules.propose(name, comment)
    assert (proposal.personal_data, proposal.sharing_class) == (personal, shared)
    assert proposal.reason_vi
    assert proposal.reason_en


@pytest.mark.parametrize(
    ("name", "comment", "title"),
    [
        ("MA_DVHC", "", "Ma dvhc"),
        ("tenXa", "", "Ten xa"),
        ("x", "mã xã theo danh mục", "Mã xã theo danh mục"),
    ],
)
def test_a_title_is_readable(name, comment, title):
    assert rules.title_of(name, comment) == title


@carries("CAT-07")
def test_columns_that_hold_codes_are_told_by_their_names():
    names = ("ma_xa", "MaXa", "wardCode", "loai", "ten_xa", "mau", "")
    found = [name for name in names if rules.looks_like_code(name)]
    assert found == ["ma_xa", "MaXa", "wardCode", "loai"]


@carries("SEC-02")
def test_personal_data_are_never_open():
    rules.require_openable("none", "open")
    rules.require_openable("basic", "shared")
    for personal in ("basic", "sensitive"):
        with pytest.raises(errors.PersonalDataNotOpen):
            rules.require_openable(personal, "open")


def test_the_next_code_follows_the_highest():
    assert rules.next_code("H99.07", []) == "H99.07.DB01"
    assert (
        rules.next_code("H99.07", ["H99.07.DB01", "H99.07.DB09", "H99.07.DBX", "H99.08.DB20"])
        == "H99.07.DB10"
    )
