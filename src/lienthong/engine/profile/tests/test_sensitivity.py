"""Whose data a column holds is proposed from its meaning and its name, with the reason; secrets by their markings."""

from __future__ import annotations

import pytest

from lienthong.engine.profile.sensitivity import holds_persons, is_marked_secret, propose
from lienthong.engine.shapes import SemanticType

NOTHING = SemanticType()
PERSON = SemanticType("person_name", 1.0)


@pytest.mark.parametrize(
    ("name", "comment", "semantic", "persons", "expected"),
    [
        ("dan_toc", "", NOTHING, False, "sensitive"),
        ("TonGiao", "", NOTHING, False, "sensitive"),
        ("chan_doan", "", NOTHING, False, "sensitive"),
        ("c4", "Kết quả xét nghiệm", NOTHING, False, "sensitive"),
        ("so_tai_khoan", "", NOTHING, False, "sensitive"),
        ("van_tay", "", NOTHING, False, "sensitive"),
        ("tien_an", "", NOTHING, False, "sensitive"),
        ("xu_huong_tinh_duc", "", NOTHING, False, "sensitive"),
        ("ngay_vao_dang", "", NOTHING, False, "sensitive"),
        ("c7", "", PERSON, False, "basic"),
        ("c7", "", SemanticType("citizen_number", 1.0), False, "basic"),
        ("ngay_sinh", "", SemanticType("date", 1.0), False, "basic"),
        ("dia_chi", "", SemanticType("address", 1.0), True, "basic"),
        ("dia_chi", "", SemanticType("address", 1.0), False, "none"),
        ("thu_nhap", "", SemanticType("money", 1.0), True, "sensitive"),
        ("thu_nhap", "", SemanticType("money", 1.0), False, "none"),
        ("vi_do", "", SemanticType("coordinate", 1.0), False, "none"),
        ("ten_co_so_du_lieu", "", NOTHING, False, "none"),
        ("so_luong", "", NOTHING, True, "none"),
        ("ma_xa", "", SemanticType("administrative_code", 1.0), True, "none"),
    ],
)
def test_the_class_of_a_column(
    name: str, comment: str, semantic: SemanticType, persons: bool, expected: str
) -> None:
    proposed = propose(name, comment, semantic, persons=persons)

    assert proposed.sensitivity == expected
    assert all(proposed.reason)


def test_a_table_of_persons_is_known_by_its_columns() -> None:
    assert holds_persons([NOTHING, PERSON])
    assert not holds_persons([NOTHING, SemanticType("organisation_name", 1.0)])


@pytest.mark.parametrize(
    ("name", "comment", "values", "expected"),
    [
        ("do_mat", "", [], True),
        ("Độ mật", "", [], True),
        ("c1", "Danh mục bí mật nhà nước", [], True),
        ("c1", "", ["Thường", "Tối mật"], True),
        ("c1", "", ["Mật", "Thường"], True),
        ("ngay_mat", "", ["mất", "Mặt"], False),
        ("mat_khau", "", [], False),
        ("be_mat", "", [], False),
    ],
)
def test_state_secrets_are_known_by_words_and_markings(
    name: str, comment: str, values: list[str], expected: bool
) -> None:
    assert is_marked_secret(name, comment, values) is expected
