"""The ladder of noticing changes: which rungs a source permits, which one a run takes, and why, in words for a person.

From the cheapest: the source's own log of changes (a published dataset, a changes feed); rows whose watermark is new,
with a window that looks back for what was committed late; rows written by transactions since the last run (`xmin` of
PostgreSQL); what differs from the keys and hashes saved last time; digests of both sides; all rows compared.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lienthong.engine.sources.postgresql import PostgresqlSource
from lienthong.engine.sync.errors import MarkUnusable, RungImpossible
from lienthong.engine.sync.indexing import goes_through_all
from lienthong.engine.sync.logged import LoggedReader
from lienthong.engine.sync.reading import DatabaseReader, Since
from lienthong.engine.sync.target import State
from lienthong.engine.sync.working import Work

Mark = dict[str, Any]
_TRANSACTIONS_AT_MOST = 1 << 31
_NUMBER = re.compile(r"[+-]?[0-9.]+")

_WORDS: dict[str, tuple[str, str]] = {
    "initial": (
        "nạp lần đầu: đọc toàn bộ nguồn theo từng bước",
        "first load: the whole source, step by step",
    ),
    "feed": (
        "đọc dòng thay đổi mà nguồn công bố kể từ phiên bản đã nhận",
        "the changes that the source publishes since the version received",
    ),
    "watermark": (
        "đọc các dòng có cột mốc mới hơn lần trước, lùi thêm một khoảng để không sót giao dịch ghi muộn",
        "rows whose watermark is newer than last time, looking back a little for what was committed late",
    ),
    "xmin": (
        "đọc các dòng do giao dịch mới hơn lần trước ghi (xmin của PostgreSQL)",
        "rows written by transactions since the last run (xmin of PostgreSQL)",
    ),
    "saved_hash": (
        "so mã băm từng dòng của nguồn với mã băm đã lưu lần trước",
        "the hash of each source row against the one saved last time",
    ),
    "digests": (
        "so mã băm từng nhóm dòng của hai bên, chỉ đọc nhóm khác nhau",
        "digests of groups of rows on both sides; only groups that differ are read",
    ),
    "full": ("so toàn bộ dòng của nguồn với bảng nhận", "all rows of the source against the target"),
}


def in_words(rung: str) -> tuple[str, str]:
    """How a rung notices changes, in Vietnamese and English."""
    return _WORDS[rung]


def mark_now(work: Work) -> Mark:
    """Where the source stands now, in every way in which a later run may ask what changed since."""
    if isinstance(work.reader, LoggedReader):
        return work.reader.now()
    mark: Mark = {}
    if work.plan.watermark is not None:
        mark["watermark"] = {
            "column": work.plan.watermark,
            "value": believed(work.reader.greatest(work.plan.watermark, work.should_stop)),
        }
    transactions = transactions_now(work)
    if transactions is not None:
        mark["xid"] = transactions
    return mark


def transactions_now(work: Work) -> Mark | None:
    """The first transaction of the source that may not be seen yet; None where rows do not tell who wrote them.

    Every row written by it or a later one is read by the next run, so nothing that is committed late is lost.
    """
    reader = work.reader
    if not isinstance(reader, DatabaseReader) or not isinstance(reader.source, PostgresqlSource):
        return None
    number = reader.source.plain_table(reader.table)
    if number is None:
        return None
    row = reader.source.ask(
        "SELECT txid_snapshot_xmin(s), txid_snapshot_xmax(s), oid::bigint "
        "FROM txid_current_snapshot() s, pg_database WHERE datname = current_database()"
    )[0]
    now = {"next": int(row[0]), "last": int(row[1]), "table": f"{row[2]}/{number}"}
    timeline = reader.source.timeline()
    return now if timeline is None else now | {"timeline": timeline}


def mark_by_transactions(work: Work, before: Mark) -> Mark:
    """The mark of a run by transactions. Its watermark stays what it was: to find the greatest may cost the whole table, and
    from an older one a later run reads more, never less.
    """
    kept = {name: value for name, value in before.items() if name == "watermark"}
    transactions = transactions_now(work)
    return kept | ({"xid": transactions} if transactions is not None else {})


def written_since(mark: Mark, now: Mark) -> str:
    """SQL (PostgreSQL): the row was written by a transaction since the mark.

    The row knows 32 bits of the number only; its age tells how many transactions came since, around the circle, and
    costs less than a look at any column. A row of long ago may look as if it had not been written yet and is left out
    as well; a young one never looks old while fewer than 2**31 transactions lie between.
    """
    young = f"age(xmin) <= (SELECT age('{int(mark['next']) % (1 << 32)}'::xid))"
    return f"{young} AND age(xmin) >= 0" if int(now["last"]) >= _TRANSACTIONS_AT_MOST else young


def mark_shown(mark: Mark | None, rung: str | None = None) -> str | None:
    """A mark for people: where the source stood, as a run by this rung goes by it."""
    if not mark:
        return None
    if rung == "xmin" and "xid" in mark:
        return f"xid {mark['xid']['next']}"
    if "version" in mark:
        return f"v{mark['version']}"
    if "token" in mark:
        return str(mark["token"])
    if "watermark" in mark and mark["watermark"]["value"] is not None:
        return f"{mark['watermark']['column']} = {mark['watermark']['value']}"
    if "xid" in mark:
        return f"xid {mark['xid']['next']}"
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """The rung that a run takes, and why that one: in Vietnamese and English."""

    rung: str
    vi: str
    en: str


FIRST = Choice(
    "initial", "bên nhận chưa ghi mốc nào của việc này", "the target remembers no mark of this job"
)


def chosen(work: Work, state: State) -> Choice:
    """The rung that this run takes, and why. Raises RungImpossible for one that was asked for and cannot be taken."""
    if state.get("fingerprint") != work.fingerprint:
        # Rows would come out otherwise than last time: every one has to be looked at again.
        return Choice(
            "full",
            "phép ghép cột, phép đổi giá trị hoặc khóa không như lần trước, nên phải xem lại mọi dòng",
            "the mapping, a conversion or the key is not that of last time, so every row is looked at again",
        )
    mark = state.get("mark") or {}
    wanted = work.plan.rung
    if wanted == "auto":
        return _cheapest(work, mark)
    if wanted == "contents":
        reason = reason_against("digests", work, mark)
        asked = Choice("digests", "lần chạy này được yêu cầu so nội dung", "this run was to compare contents")
        if reason is None:
            return asked
        return Choice("full", f"{asked.vi}; {reason[0]}", f"{asked.en}; {reason[1]}")
    reason = reason_against(wanted, work, mark)
    if reason is not None:
        raise RungImpossible(rung=wanted, reason_vi=reason[0], reason_en=reason[1])
    asked = Choice(wanted, "phương án yêu cầu cách này", "the plan asks for this way")
    if wanted == "watermark" and goes_through_all(work.reader, str(work.plan.watermark)):
        vi, en = _unindexed(work)
        return Choice(wanted, f"{asked.vi}; {vi}", f"{asked.en}; {en}")
    return asked


def _cheapest(work: Work, mark: Mark) -> Choice:
    """The cheapest rung that the source permits; beside it why those below it are not taken."""
    passed: list[tuple[str, str]] = []
    for name in _LADDER:
        reason = reason_against(name, work, mark)
        if reason is None and name == "watermark" and goes_through_all(work.reader, str(work.plan.watermark)):
            # Whoever wrote a row is told without looking into it, and nothing that is committed late is missed.
            reason = _unindexed(work)
            if reason_against("xmin", work, mark) is not None:
                return _as_cheapest(name, [*passed, reason])
        if reason is None:
            return _as_cheapest(name, passed)
        if name in ("watermark", "xmin") or (name == "feed" and isinstance(work.reader, LoggedReader)):
            passed.append(reason)
    raise AssertionError("every row can always be compared")


def _as_cheapest(rung: str, because: list[tuple[str, str]]) -> Choice:
    vi, en = "cách ít tốn kém nhất mà nguồn cho phép", "the cheapest way that the source permits"
    return Choice(
        rung,
        f"{vi} ({'; '.join(one for one, _ in because)})" if because else vi,
        f"{en} ({'; '.join(one for _, one in because)})" if because else en,
    )


def _unindexed(work: Work) -> tuple[str, str]:
    column = work.plan.watermark
    return (
        f"cột mốc {column} không có chỉ mục nên tìm theo nó phải đọc cả bảng",
        f"the watermark {column} has no index, so that finding rows by it reads the whole table",
    )


def reason_against(rung: str, work: Work, mark: Mark) -> tuple[str, str] | None:
    """Why a rung cannot be taken, in Vietnamese and English; None where it can."""
    if rung == "digests":
        from lienthong.engine.sync.digesting import against_digests

        return against_digests(work)
    return _LADDER[rung](work, mark)


def _against_watermark(work: Work, mark: Mark) -> tuple[str, str] | None:
    if work.plan.watermark is None:
        return ("phương án không nêu cột mốc", "the plan names no watermark")
    if isinstance(work.reader, LoggedReader):
        return ("nguồn có dòng thay đổi của nó", "the source has a log of its own")
    if (mark.get("watermark") or {}).get("column") != work.plan.watermark:
        return ("lần trước chưa ghi mốc của cột này", "the last run set no mark of this column")
    return None


def _against_saved(work: Work, mark: Mark) -> tuple[str, str] | None:
    if isinstance(work.reader, LoggedReader):
        return ("nguồn có dòng thay đổi của nó", "the source has a log of its own")
    if work.plan.rung != "saved_hash" and not mark.get("saved"):
        return ("chưa lưu mã băm của các dòng", "no hashes of rows were saved")
    return None


def _never_against(work: Work, mark: Mark) -> tuple[str, str] | None:
    return None


def _against_log(work: Work, mark: Mark) -> tuple[str, str] | None:
    if not isinstance(work.reader, LoggedReader):
        return ("nguồn không có dòng thay đổi", "the source gives no feed of changes")
    if not work.reader.knows(mark):
        return (
            "mốc lần trước không thuộc dòng thay đổi này, hoặc mới hơn phiên bản được yêu cầu",
            "the last mark is not of this log, or newer than the version asked for",
        )
    return None


def _against_transactions(work: Work, mark: Mark) -> tuple[str, str] | None:
    now = transactions_now(work)
    if now is None:
        return ("nguồn không phải một bảng của PostgreSQL", "the source is no plain table of PostgreSQL")
    known = mark.get("xid")
    if not known:
        return ("lần trước chưa ghi số giao dịch", "the last run noted no transaction")
    if known["table"] != now["table"] or known["next"] > now["last"]:
        return (
            "bảng nguồn đã được tạo lại hoặc chuyển máy chủ",
            "the table was made anew or moved to another server",
        )
    if known.get("timeline", now.get("timeline")) != now.get("timeline"):
        # What the lost line of history wrote last may carry the numbers that this one gives out anew.
        return (
            "một bản sao đã lên thay máy chủ nguồn, số giao dịch có thể được cấp lại",
            "a replica has taken over from the source's server, which may give out numbers anew",
        )
    if now["last"] - known["next"] >= _TRANSACTIONS_AT_MOST:
        return (
            "đã qua quá nhiều giao dịch kể từ lần trước (số giao dịch quay vòng)",
            "too many transactions have passed since the last run (their numbers wrap around)",
        )
    return None


# From the cheapest; each is asked only when those before it cannot be taken.
_LADDER: dict[str, Callable[[Work, Mark], tuple[str, str] | None]] = {
    "feed": _against_log,
    "watermark": _against_watermark,
    "xmin": _against_transactions,
    "saved_hash": _against_saved,
    "digests": _never_against,
    "full": _never_against,
}


def since(work: Work, mark: Mark) -> Since | None:
    """The rows to read by watermark: from the mark, less the window. None for all, when there was no mark."""
    column = str(work.plan.watermark)
    value = mark["watermark"]["value"]
    if value is None:
        return None
    kind = work.reader.kind_of(column)
    if kind in ("integer", "decimal", "double"):
        return Since(column, _number(str(value), work.plan.overlap_seconds))
    moment = _moment(str(value))
    if moment is None:
        raise MarkUnusable(
            mark=mark_shown(mark),
            reason_vi=f"cột {column} không phải thời điểm hoặc số",
            reason_en=f"the column {column} is neither a moment nor a number",
        )
    if kind == "date" or len(str(value)) == 10:
        back = moment - dt.timedelta(days=math.ceil(work.plan.overlap_seconds / 86_400))
        return Since(column, back.date().isoformat())
    back = moment - dt.timedelta(seconds=work.plan.overlap_seconds)
    between = "T" if "T" in str(value) else " "
    if isinstance(work.reader, DatabaseReader) and work.reader.source.dialect == "sqlite":
        # Texts are compared there as texts: the bound stands in the spelling of the column, without a fraction.
        return Since(column, back.replace(microsecond=0, tzinfo=None).isoformat(sep=between))
    return Since(column, back.replace(tzinfo=None).isoformat(sep=between))


def believed(value: str | None) -> str | None:
    """A watermark as the mark of the next run: itself, or a day ago where it lies more than a day ahead of now.

    A moment far ahead was written by mistake or means "for ever". Taken for the mark it would hide every change until then.
    """
    moment = _moment(value) if value is not None and not _NUMBER.fullmatch(value) else None
    if value is None or moment is None:
        return value
    day, now = dt.timedelta(days=1), dt.datetime.now(dt.UTC)
    if moment.replace(tzinfo=moment.tzinfo or dt.UTC) <= now + day:
        return value
    back = (now - day).replace(microsecond=0)
    if len(value) == 10:
        return back.date().isoformat()
    back = back.astimezone(moment.tzinfo) if moment.tzinfo is not None else back.replace(tzinfo=None)
    return back.isoformat(sep="T" if "T" in value else " ")


def _number(value: str, back: float) -> str:
    if "." in value:
        return str(float(value) - back)
    return str(int(value) - math.ceil(back))


def _moment(value: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value)
    except ValueError:
        return None
