"""Rules of sharing: the seven parts, keys, parameters, refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.tracing import carries
from lienthong.sharing import rules
from lienthong.sharing.errors import (
    ItemsNotOffered,
    ParameterRefused,
    PurposeMissing,
    RefusalIncomplete,
    RequestIncomplete,
)

WHOLE = {
    "requester": "H99.11",
    "purpose": "Cấp giấy phép",
    "solution": "Tra cứu",
    "items": ["ma_xa"],
    "service": "tra-cuu-xa",
    "frequency": "200 lượt/ngày",
}


@carries("DSH-03")
def test_a_whole_request_passes_and_each_missing_part_is_named() -> None:
    rules.require_seven_parts(**WHOLE)  # type: ignore[arg-type]
    with pytest.raises(PurposeMissing):
        rules.require_seven_parts(**{**WHOLE, "purpose": "  "})  # type: ignore[arg-type]
    with pytest.raises(RequestIncomplete) as refused:
        rules.require_seven_parts(**{**WHOLE, "solution": "", "items": [], "frequency": ""})  # type: ignore[arg-type]
    assert "giải pháp sử dụng, nội dung dữ liệu, tần suất" in refused.value.text("vi")
    assert "the frequency" in refused.value.text("en")


def test_items_come_in_the_order_of_the_service_and_strange_ones_are_refused() -> None:
    assert rules.require_offered(["b", "a", "b"], ["a", "b", "c"]) == ["a", "b"]
    with pytest.raises(ItemsNotOffered, match="x"):
        rules.require_offered(["x"], ["a"])


@carries("DSH-05", "D194-03")
def test_a_refusal_needs_document_reason_and_law() -> None:
    rules.require_whole_refusal(
        document="12/CV", reason="Chưa đủ điều kiện", ground="Điều 16 Nghị định 194/2025/NĐ-CP"
    )
    with pytest.raises(RefusalIncomplete) as refused:
        rules.require_whole_refusal(document="", reason="x", ground=" ")
    assert "số văn bản, căn cứ pháp luật" in refused.value.text("vi")


def test_a_key_fits_its_digest_and_no_other() -> None:
    key, other = rules.new_key(), rules.new_key()
    account, secret = rules.parts_of_key(f"Bearer {key.shown}") or ("", "")
    assert account == key.account
    assert rules.fits(secret, key.digest)
    assert not rules.fits(secret, other.digest)
    assert secret not in key.digest
    assert key.shown.endswith(key.ending)
    assert rules.new_key(key.account).account == key.account


@pytest.mark.parametrize(
    "header", ["", "Basic abc", "Bearer", "Bearer lt_x", "Bearer lt_abcdefghjk_short", "lt_"]
)
def test_what_is_no_key_is_no_key(header: str) -> None:
    assert rules.parts_of_key(header) is None


@given(st.text(max_size=300))
def test_no_header_is_a_fault(header: str) -> None:
    rules.parts_of_key(header)


def asked(**parameters: list[str]) -> rules.Asked:
    return rules.read_parameters(parameters, offered=["ma_xa", "ten_xa"], most=500)


def test_parameters_are_read() -> None:
    found = asked(limit=["7"], after=["abc"], fields=["ten_xa, ma_xa"], ma_xa__in=["1,2"], ten_xa=["Xã A"])
    assert (found.limit, found.after, found.columns) == (7, "abc", ("ten_xa", "ma_xa"))
    assert found.filters == (("ma_xa", "in", ["1", "2"]), ("ten_xa", "eq", "Xã A"))
    assert asked().limit == 100


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": ["0"]},
        {"limit": ["501"]},
        {"limit": ["-1"]},
        {"limit": ["٣"]},
        {"limit": ["9" * 30]},
        {"fields": ["mat_khau"]},
        {"fields": [""]},
        {"luong": ["1"]},
        {"ma_xa__like": ["%"]},
        {"__ge": ["1"]},
    ],
)
def test_wrong_parameters_are_refused_by_name(parameters: dict[str, list[str]]) -> None:
    with pytest.raises(ParameterRefused) as refused:
        asked(**parameters)
    assert next(iter(parameters)) in refused.value.text("vi")
