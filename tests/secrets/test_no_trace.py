"""A secret database is nowhere: on no page, in no answer, file, list or count of anybody who does not keep it (SEC-01)."""

from __future__ import annotations

import io
import itertools
import logging
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver

from lienthong.foundation.tracing import carries

from . import world as secret

VISITOR = ""
OFFICERS = (VISITOR, "chu-quan", "nguoi-dung-dau", "dieu-phoi")
# Whose pages are compared with those of a world in which the database was never entered.
COMPARED = (VISITOR, "nguoi-dung-dau")
# What the others are asked for: the rooms of data, the inbox, the site's front.
ROOMS = re.compile(
    r"^/(lam-viec/(|csdl/|csdl-quoc-gia/|chong-lan/|quy-che/|chia-se/|nang-cap/|chat-luong/)|quy-che/|)$"
)
# Who may reach most without keeping secrets: every address of the database is asked for in this name.
STRONGEST = "nguoi-dung-dau"
TOLD = re.compile(rf"{secret.WORD}|{re.escape(secret.CODE)}", re.IGNORECASE)
# What differs between two answers to the same question.
PASSING = re.compile(
    r'X-Request-Id: \w+|csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|nonce-[^\']+|x-csrftoken": "[^"]+"'
    r"|\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?|[0-9a-f]{32,}",
    re.IGNORECASE,
)
# Pages of the product and the law themselves, what takes no question, and what reckons with any code alike.
LEFT_OUT = (
    "api/docs",
    "openapi.json",
    "tai-khoan/",
    "healthz",
    "jsi18n",
    "van-ban/",
    "tro-giup",
    "so-do/",
    "lich/",
    "identifier-codes/",
)


def addresses() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every address of the product, with the kind and name of each part that must be filled in."""

    def within(patterns: Any, before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from within(one.url_patterns, here)
            else:
                yield here

    for address in sorted(set(within(get_resolver().url_patterns, ""))):
        plain = address.replace("^", "").replace("$", "").replace("\\Z", "")
        if not any(part in plain for part in LEFT_OUT) and "(?P" not in plain:
            yield plain, re.findall(r"<(?:(\w+):)?(\w+)>", plain)


FREE = tuple(f"/{address}" for address, parts in addresses() if not parts)
# Where one searches, and a word of the same length that never stood anywhere.
SEARCHES = ("/tim-kiem/", "/lam-viec/tim/", "/lam-viec/csdl/", "/du-lieu/")
NOTHING = {secret.WORD: "qwertzu", secret.CODE: "H99.01.DB78"}


def said(text: str) -> str:
    """Where an answer says it."""
    place = TOLD.search(text)
    return text[max(place.start() - 90, 0) : place.end() + 60] if place else ""


def differing(before: str, after: str) -> str:
    """The first line in which two answers differ."""
    pairs = itertools.zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next((f"{one.strip()[:150]} / {two.strip()[:150]}" for one, two in pairs if one != two), "")


def as_officer(found: dict[str, Any], username: str) -> Client:
    browser = Client(raise_request_exception=True)
    if username:
        browser.force_login(found["people"][username], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def written(answer: HttpResponse) -> str:
    """All that an answer says, in its head and body; of a file what stands in it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    kind = answer.get("Content-Type", "")
    head = " ".join(f"{name}: {value}" for name, value in answer.items() if name != "Location")
    if "officedocument" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = [name for name in packed.namelist() if not name.startswith("docProps/")]
            return " ".join(packed.read(name).decode("utf-8", "replace") for name in names)
    if "pdf" in kind:
        return head + " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return head + body.decode("utf-8", "replace")


def asked(browser: Client, path: str, text: str = "") -> str:
    """The answer without what passes, and without the question that it repeats."""
    found = written(browser.get(path, {"q": text} if text else {}))
    return PASSING.sub("", found.replace(text, "") if text else found)


def seen_by(found: dict[str, Any], username: str) -> dict[str, str]:
    """Every address without parts, as this person meets it."""
    browser = as_officer(found, username)
    wide = username in COMPARED
    return {path: asked(browser, path) for path in FREE if wide or ROOMS.match(path)}


@pytest.fixture(scope="module")
def found(standing: Path) -> dict[str, Any]:
    with override_settings(SOURCE_FOLDERS=[str(standing / "nguon")]):
        made = secret.build(standing / "nguon")
        before = {username: seen_by(made, username) for username in COMPARED}
        database = secret.work_on_it(made)
        secret.make_it_secret(made, database)
    return made | {"database": database, "before": before}


@carries("SEC-01")
@pytest.mark.django_db
@pytest.mark.parametrize("username", OFFICERS)
def test_no_page_without_parts_says_a_word_of_it_or_counts_it(
    found: dict[str, Any], username: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = seen_by(found, username)
    browser = as_officer(found, username)
    faults = [f"{path}: {said(text)}" for path, text in pages.items() if TOLD.search(text)]
    if username in COMPARED:
        before = found["before"][username]
        faults += [
            f"{path}: {differing(text, pages[path])}" for path, text in before.items() if pages[path] != text
        ]
    faults += [
        f"{path}?q={text}"
        for path in SEARCHES
        for text, nothing in NOTHING.items()
        if asked(browser, path, text) != asked(browser, path, nothing)
    ]
    assert "\n".join(faults) == ""


POOLS = {
    "code": ("code",), "number": ("number",), "slug": ("slug",), "dataset": ("slug",), "agency_code": (),
}  # fmt: skip
FORMS = {"form": ("pdf", "docx", "xlsx", "csv"), "ending": ("csv", "xlsx", "ttl", "jsonld"), "version": (1,)}


def values_for(name: str) -> list[Any]:
    """What an address can be filled with so that it speaks of this database: numbers, codes, ids of its records."""
    if name in FORMS:
        return list(FORMS[name])
    if name == "agency_code":
        return ["H99", "H99.01"]
    values: dict[Any, None] = {}
    for model in apps.get_models():
        if not model.__module__.startswith("lienthong.") or model.__name__.startswith("Historical"):
            continue
        names = {one.name for one in model._meta.concrete_fields}
        if name.endswith("_id") and model.__name__.lower().endswith(ENDINGS.get(name, name[:-3])):
            values |= dict.fromkeys(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:3])
        for field in POOLS.get(name, ()):
            if field in names:
                rows = model._base_manager.order_by("-pk").values_list(field, flat=True)
                values |= dict.fromkeys(
                    value for value in rows[:40] if isinstance(value, str) and OF_IT.search(value)
                )
    return list(values) or ([1] if name.endswith("_id") else ["x"])


ENDINGS = {"file_id": "storedfile", "open_id": "opendataset", "field_id": "datafield", "table_id": "datatable",
           "pair_id": "overlappair"}  # fmt: skip
OF_IT = re.compile(rf"{secret.WORD}|{re.escape(secret.CODE)}|^[A-Z]{{2}}-\d{{4}}-\d+$", re.IGNORECASE)


@carries("SEC-01")
@pytest.mark.django_db
def test_no_address_of_it_answers_whoever_reaches_most(found: dict[str, Any]) -> None:
    browser = as_officer(found, STRONGEST)
    told: list[str] = []
    opened: list[str] = []
    filled = 0
    pools: dict[str, list[Any]] = {}
    for address, parts in addresses():
        if not parts:
            continue
        for name in {part for _kind, part in parts}:
            pools.setdefault(name, values_for(name))
        for chosen in itertools.islice(itertools.product(*(pools[name] for _kind, name in parts)), 4):
            path = "/" + address
            for (_kind, name), value in zip(parts, chosen, strict=True):
                path = re.sub(rf"<(?:\w+:)?{name}>", str(value), path, count=1)
            answer = browser.get(path)
            text = written(answer)
            for value in chosen:
                text = text.replace(str(value), "")
            filled += 1
            if TOLD.search(text):
                told.append(f"{path}: {said(text)}")
            if answer.status_code == 200 and TOLD.search(path):
                opened.append(path)
    assert filled > 200
    assert "\n".join([*told, *(f"{path}: opened" for path in opened)]) == ""


@carries("SEC-01")
@pytest.mark.django_db
def test_its_keeper_finds_it_where_it_was(found: dict[str, Any]) -> None:
    keeper = as_officer(found, "giu-mat")
    assert secret.WORD in written(keeper.get(f"/lam-viec/csdl/{secret.CODE}/"))
    assert secret.CODE in written(keeper.get("/lam-viec/csdl/"))
