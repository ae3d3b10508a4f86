"""The page on which a developer reads the API: every operation out of the OpenAPI document, drawn by the server.

No script reads the document in the browser: the page stays within the weight, the content policy and the contrast of
every other page, and works without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from lienthong.foundation.accounts.doors import open_to_all

from .root import api

METHODS = ("get", "post", "put", "patch", "delete")
# How deep the fields of an answer are told.
DEEPEST = 3


@dataclass(frozen=True)
class Part:
    """One parameter, or one field of what is sent or answered."""

    name: str
    kind: str
    required: bool = False
    where: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation as a page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    signed_in: bool
    parameters: list[Part]
    sent: list[Part]
    status: str
    answered: list[Part]


@dataclass(frozen=True)
class Group:
    """The operations of one part of the product."""

    anchor: str
    title: str
    operations: list[Operation]


def groups() -> list[Group]:
    """Every operation of the API by its part, in the reader's language."""
    document: dict[str, Any] = api.get_openapi_schema()
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or [""])[0]
                found.setdefault(tag, []).append(_operation(document, path, method, methods[method]))
    return [Group(slugify(tag), _in_language(tag), operations) for tag, operations in found.items()]


def _in_language(tag: str) -> str:
    """A tag names its part in Vietnamese and in English, with a stroke between."""
    vietnamese, _, english = tag.partition(" / ")
    return vietnamese if (get_language() or "vi").startswith("vi") else english or vietnamese


def _operation(document: dict[str, Any], path: str, method: str, given: dict[str, Any]) -> Operation:
    parameters = [
        Part(one["name"], kind_of(one.get("schema", {})), bool(one.get("required")), one.get("in", ""))
        for one in given.get("parameters", [])
    ]
    status, answer = next(iter(given.get("responses", {}).items()), ("200", {}))
    return Operation(
        anchor=given.get("operationId", ""),
        method=method.upper(),
        path=path,
        summary=gettext(given.get("summary", "")),
        signed_in=bool(given.get("security")),
        parameters=parameters,
        sent=list(_fields(document, _schema(given.get("requestBody", {})))),
        status=str(status),
        answered=list(_fields(document, _schema(answer))),
    )


def _schema(holder: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, dict[str, Any]] = holder.get("content", {})
    found: dict[str, Any] = next(iter(content.values()), {}).get("schema", {})
    return found


def _fields(
    document: dict[str, Any], schema: dict[str, Any], before: str = "", depth: int = 0
) -> Iterator[Part]:
    """The fields of an object, those of objects within it behind a point, those of a list behind `[]`."""
    schema = resolved(document, schema)
    if schema.get("type") == "array":
        yield from _fields(document, schema.get("items", {}), f"{before}[]", depth)
        return
    for name, inner in schema.get("properties", {}).items():
        place = f"{before}.{name}" if before else name
        yield Part(place, kind_of(inner), name in schema.get("required", []))
        if depth < DEEPEST:
            yield from _fields(document, inner, place, depth + 1)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed, and of several possible ones the one that says something."""
    if "anyOf" in schema:
        schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), {})
    reference = schema.get("$ref", "")
    if reference.startswith("#/components/schemas/"):
        schema = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return schema


def kind_of(schema: dict[str, Any]) -> str:
    """The type of a value in the words of JSON: `integer (1–100)`, `string (open, closed)`, `string or null`, `list of objects`."""
    if "anyOf" in schema:
        return gettext(" or ").join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    if "$ref" in schema:
        return gettext("object")
    if schema.get("type") == "array":
        return gettext("list of %(kind)s") % {"kind": kind_of(schema.get("items", {}))}
    kind = str(schema.get("format") or schema.get("type") or gettext("any value"))
    words = [str(one) for one in schema.get("enum", []) if one]
    if words:
        return f"{kind} ({', '.join(words)})"
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    if bounds:
        return f"{kind} ({'–'.join(bounds)})"
    return gettext("object") if kind == "object" else kind


@open_to_all
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The API, operation by operation."""
    base = request.build_absolute_uri("/").rstrip("/")
    return render(request, "api/docs.html", {"groups": groups(), "base": base})
