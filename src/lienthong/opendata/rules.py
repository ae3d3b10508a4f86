"""Decisions of open data as pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lienthong.foundation.tracing import carries
from lienthong.inventory.rules import workbook_fits

from .errors import (
    ColumnsNotOpened,
    PersonalDataFound,
    ReasonMissing,
    ReportTooShort,
    RiskCheckOutdated,
    RiskNotSettled,
)

QUESTIONS = {
    "personal": ("không có thông tin cá nhân", "no personal information"),
    "combination": ("kết hợp với dữ liệu khác không nhận ra cá nhân", "nobody identified by combining"),
    "security": ("không gây rủi ro an toàn, an ninh", "no risk to safety and security"),
}
# How each classification is named in the history, in both languages.
CLASSIFIED_AS = {
    "open": ("dữ liệu mở", "open data"),
    "public_not_open": ("thông tin công khai, không phải dữ liệu mở", "public information, not open data"),
    "restricted": ("không công bố", "not to be published"),
}
# Formats in the order in which people are offered them.
FORMATS = ("csv_excel", "csv", "xlsx", "json", "parquet")
FORMAT_NAMES = {
    "csv_excel": ("CSV (cho Excel)", "CSV (for Excel)"),
    "csv": ("CSV", "CSV"),
    "xlsx": ("XLSX", "XLSX"),
    "json": ("JSON", "JSON"),
    "parquet": ("Parquet", "Parquet"),
}
MEDIA = {
    "csv_excel": "text/csv; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


@carries("ODA-09")
def require_harmless(columns: Iterable[str], personal: Mapping[str, str]) -> None:
    """Refuse to open columns that hold personal data of any class."""
    found = [name for name in columns if personal.get(name, "none") != "none"]
    if found:
        raise PersonalDataFound(columns=", ".join(f"“{name}”" for name in found))


@carries("ODA-09")
def require_checked(columns: Iterable[str], checked: Iterable[str] | None) -> None:
    """Refuse to publish columns other than those whose risk was signed off."""
    if checked is None or list(columns) != list(checked):
        raise RiskCheckOutdated()


@carries("ODA-09")
def require_answers(answers: Mapping[str, str]) -> None:
    """Refuse a sign-off while one of the three questions has no answer."""
    missing = [names for key, names in QUESTIONS.items() if not answers.get(key, "").strip()]
    if missing:
        raise RiskNotSettled(
            open=", ".join(vi for vi, _ in missing), open_en=", ".join(en for _, en in missing)
        )


@carries("ODA-01")
def require_reason(classification: str, reason: str) -> None:
    """What is not opened says why."""
    if classification != "open" and not reason.strip():
        raise ReasonMissing()


def formats_for(rows: int) -> tuple[str, ...]:
    """The files that a publication of so many rows is given."""
    return tuple(name for name in FORMATS if name != "xlsx" or workbook_fits(rows))


def quality(
    *, described: int, columns: int, licence: bool, contact: bool, on_time: bool, formats: int
) -> int:
    """How ready for use the published dataset is, 0 to 100: a fix list in one number.

    Weights: columns described 40, licence 15, contact 15, updated in time 20, machine-readable files 10.
    """
    share = described / columns if columns else 0
    return round(40 * share + 15 * licence + 15 * contact + 20 * on_time + (10 if formats >= 2 else 0))


# Fewer letters than these say nothing that could be checked; rows beyond these are described in words.
LEAST_SAID, MOST_SAID, MOST_ROWS_SAID = 10, 2000, 20
# Reports from one address within an hour: more than a person sends, fewer than a program does.
MOST_REPORTS = 10


@carries("ODA-14")
def require_said(text: str) -> str:
    """What a reader said without its edges; refused when it cannot be checked."""
    said = text.strip()
    if len(said) < LEAST_SAID:
        raise ReportTooShort(least=LEAST_SAID)
    return said[:MOST_SAID]


def require_opened(columns: Iterable[str], opened: Collection[str]) -> list[str]:
    """The columns that a reader named; refused where one is not published, whether it is there or not."""
    named = list(dict.fromkeys(name.strip() for name in columns if name.strip()))
    strange = [name for name in named if name not in opened]
    if strange:
        raise ColumnsNotOpened(columns=", ".join(strange)[:200])
    return named


def code_of(given: str) -> str:
    """A code as it is kept, from what somebody typed: case, blanks and strokes do not matter."""
    letters = "".join(one for one in given.upper() if one.isascii() and one.isalnum())[:12]
    return "-".join(letters[start : start + 4] for start in (0, 4, 8) if letters[start:])
