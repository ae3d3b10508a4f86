"""Where the pages of databases and catalogues are, in no language: stored with work, search and notices."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import quote

from django.utils.translation import get_language

from lienthong.foundation.pagekit.layout import same_page_in

DATABASES = "/lam-viec/csdl/"
CATALOGUES = "/danh-muc/"


class DatabaseCode:
    """A database's code in an address: in capitals, so that no word such as `dang-ky` is taken for one."""

    regex: ClassVar[str] = r"[A-Z0-9]+(?:[.\-][A-Z0-9]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        if not re.fullmatch(self.regex, value):
            raise ValueError("not a database code")
        return value


def file_address(code: str) -> str:
    """The file of a database."""
    return f"{DATABASES}{quote(code)}/"


def fields_address(code: str) -> str:
    """The page on which tables and columns are described."""
    return f"{file_address(code)}cot/"


def source_address(code: str) -> str:
    """The page on which the source of a database is bound and looked at."""
    return f"{file_address(code)}nguon/"


def governing_address(code: str) -> str:
    """The page that says how a database is governed."""
    return f"{file_address(code)}quan-tri/"


def declare_address(code: str) -> str:
    """The page on which a database is declared for the catalogue."""
    return f"{file_address(code)}khai-bao/"


def catalogue_address(agency_code: str, version: int) -> str:
    """The public page of one issued catalogue."""
    return f"{CATALOGUES}{quote(agency_code)}/{version}/"


DOSSIERS = "/lam-viec/csdl-quoc-gia/"
NATIONAL_LISTS = "/danh-muc-quoc-gia/"


def dossier_address(number: str) -> str:
    """The page of one national dossier."""
    return f"{DOSSIERS}{quote(number)}/"


def list_draft_address(number: str) -> str:
    """The page of one draft of the national list."""
    return f"{DOSSIERS}du-thao/{quote(number)}/"


def national_list_address(version: int) -> str:
    """The public page of one version of the national list."""
    return f"{NATIONAL_LISTS}{version}/"


REVIEWS = "/lam-viec/ra-soat-danh-muc/"


def review_address(number: str) -> str:
    """The page of one review of a catalogue."""
    return f"{REVIEWS}{quote(number)}/"


def declaration_address(number: str, unit_code: str) -> str:
    """The page on which one unit declares its databases in a review."""
    return f"{review_address(number)}don-vi/{quote(unit_code)}/"


CODE_LISTS = "/lam-viec/danh-muc-dung-chung/"


def code_list_address(code: str) -> str:
    """The page of one shared code list on the desk."""
    return f"{CODE_LISTS}{quote(code)}/"


def code_list_version_address(code: str, number: int) -> str:
    """The page of one version of a shared code list on the desk."""
    return f"{code_list_address(code)}{number}/"


def code_list_public_address(code: str) -> str:
    """The public page of one shared code list."""
    return f"/danh-muc-dung-chung/{quote(code)}/"


def here(address: str) -> str:
    """The same page in the reader's language."""
    return same_page_in(get_language() or "vi", address)


def registration_address() -> str:
    """The yearly registration on the National Data Portal."""
    return "/lam-viec/dang-ky-cong-du-lieu/"


def need_address(number: str) -> str:
    """A need for others' data."""
    return f"{registration_address()}nhu-cau/{quote(number)}/"
