"""Every error can be shown in both languages and carried between processes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from lienthong.engine import errors


def every_error(kind: type[errors.EngineError] = errors.EngineError) -> Iterator[type[errors.EngineError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every_error(below)


def of_this_module() -> list[type[errors.EngineError]]:
    return [kind for kind in every_error() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", of_this_module(), ids=lambda kind: kind.code)
def test_an_error_has_code_text_and_hint_in_both_languages(kind: type[errors.EngineError]) -> None:
    error = kind(source="x.csv", reason_vi="vì", reason_en="because", kind="CSV", seconds=3)

    assert error.code.count(".") == 1
    assert 400 <= error.status < 600
    texts = [error.text("vi"), error.text("en"), error.hint("vi"), error.hint("en")]
    assert all(text.endswith(".") and "{" not in text for text in texts)
    assert len(set(texts)) == 4


def test_codes_are_not_shared() -> None:
    codes = [kind.code for kind in of_this_module()]

    assert len(set(codes)) == len(codes)


def test_every_error_stands_in_the_tree_at_the_top_of_the_file() -> None:
    assert errors.__doc__ is not None
    for kind in of_this_module():
        assert kind.__name__ in errors.__doc__


def test_an_error_without_its_facts_still_speaks() -> None:
    assert errors.SourceNotFound().text("en") == "The data source … was not found."


def test_an_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(errors.SourceTimedOut(source="x", seconds=3)))

    assert isinstance(error, errors.SourceTimedOut)
    assert error.facts == {"source": "x", "seconds": 3}
    assert error.transient
