"""Programs find one document of every operation, and developers a page that says the same without a script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from lienthong.api.documents import kind_of
from lienthong.api.root import api
from lienthong.foundation.tracing import carries
from lienthong.law.answers import Standing

pytestmark = [pytest.mark.django_db]


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = api.get_openapi_schema()["paths"]
    return [(path, method, found) for path, methods in paths.items() for method, found in methods.items()]


def test_the_document_is_served_to_everybody_and_holds_every_part(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    tags = {tag for methods in document["paths"].values() for one in methods.values() for tag in one["tags"]}
    assert document["openapi"].startswith("3.1")
    assert {tag.partition(" / ")[2] for tag in tags} >= {"Catalogue", "Sharing", "Open data", "Overlap"}


@pytest.mark.parametrize(
    ("address", "language", "words"), [("/api/docs", "vi", "Danh mục"), ("/en/api/docs", "en", "Catalogue")]
)
def test_the_page_tells_every_operation_in_the_readers_language(
    client: Client, address: str, language: str, words: str
) -> None:
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}">' in text
    assert words in text
    missing = [path for path, _, _ in _operations() if path not in text]
    assert missing == []


def test_every_operation_says_what_it_does() -> None:
    silent = [(path, method) for path, method, found in _operations() if not found.get("summary")]
    assert silent == []


@carries("CFG-01")
def test_a_provision_is_told_in_one_form_wherever_it_is_named() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    named = {
        (name, kind)
        for name, schema in schemas.items()
        for field, form in schema.get("properties", {}).items()
        if field == "provision"
        for kind in [str(form.get("$ref") or [one.get("$ref") for one in form.get("anyOf", [])][:1])]
    }
    assert {name for name, _ in named} >= {"CaseOut", "GateLineOut", "MeasureOut", "ParameterOut"}
    assert {kind for _, kind in named} == {"['#/components/schemas/CitationOut']"}
    assert set(schemas["CitationOut"]["required"]) >= {"ref", "standing", "since", "kept", "on"}
    assert set(schemas["CitationOut"]["properties"]["standing"]["enum"]) == {one.value for one in Standing}
    cited = {name for name, schema in schemas.items() if "citation_vi" in schema.get("properties", {})}
    assert cited == {"CitationOut"}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 50}, "integer (1–50)"),
        ({"type": "string", "enum": ["", "holds", "ended"]}, "string (holds, ended)"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
    ],
)
def test_a_kind_is_said_in_the_words_of_json(schema: dict[str, Any], said: str) -> None:
    with override("en"):
        assert kind_of(schema) == said


def _given(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}%27%22%3C0%00{rest.partition('}')[2]}"
    return path


def test_hostile_addresses_and_parameters_are_refused_in_both_languages(client: Client) -> None:
    client.raise_request_exception = False
    for path, method, found in _operations():
        if method != "get":
            continue
        asked = {one["name"]: "'\"><0" * 40 for one in found.get("parameters", []) if one["in"] == "query"}
        answer = client.get(_given(path), asked)
        assert answer.status_code < 500, path
        if answer.status_code in (403, 422) and answer.headers["content-type"].startswith("application/json"):
            error = answer.json()["error"]
            assert error["message_vi"] != error["message_en"], path
