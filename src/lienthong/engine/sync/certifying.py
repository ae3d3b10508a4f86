"""The certificate of a reconciliation: what was compared, how, when, and what came out; verifiable afterwards.

It holds no value of any row and no secret. Its own digest (SHA-256 of its canonical JSON) shows that nothing in it was
changed since; the digests of the two sides can be computed again from the data, by anybody who may read them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lienthong.engine.evidence.canonical import KINDS
from lienthong.engine.sync.disagreements import CertificateInvalid

FORMAT = "lienthong-certificate/1"

Verdict = Literal["equal", "differs", "moving", "held"]
"""`held`: the only rows that differ are held back on purpose; `moving`: rows differed when they were read and no longer when they were read again, and the rest is equal."""


@dataclass(frozen=True, slots=True)
class CertifiedSide:
    """One side as it was seen: its name without secrets, rows, digest, when, and where it was hashed."""

    source: str
    table: str
    rows: int
    digest: str
    seen_at: dt.datetime
    hashed: Literal["in_place", "here"]
    version: int | None = None
    zone: str | None = None
    repeated_keys: int = 0


@dataclass(frozen=True, slots=True)
class CertifiedColumn:
    """A pair of columns: names on both sides, as what they were compared, whether of the key, and how converted."""

    left: str
    right: str
    kind: str
    key: bool = False
    left_type: str = ""
    right_type: str = ""
    conversion: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a comparison proved. `equal` says that every compared column of every row is the same on both sides.

    `form` is the canonical form of the digests (`c1`, `c2`, or `pg1`: the server's own hash of equal column types).
    `method` is `total` (digests of the whole were equal), `buckets` or `flat` (how differing rows were found). Counts are
    full, whatever limit the list had. `moved` rows differed at first and were equal when read again;
    `held` rows differ because the copy holds them back on purpose, and are not among the others.
    """

    left: CertifiedSide
    right: CertifiedSide
    key: tuple[str, ...]
    columns: tuple[CertifiedColumn, ...]
    form: str
    method: str
    verdict: Verdict
    missing: int = 0
    extra: int = 0
    changed: int = 0
    moved: int = 0
    held: int = 0
    changed_columns: Mapping[str, int] = field(default_factory=dict)
    not_compared: tuple[str, ...] = ()
    listed: int = 0
    limit: int = 0
    made_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    software: str = ""

    @property
    def equal(self) -> bool:
        """Whether the two sides are equal in everything that was compared."""
        return self.verdict == "equal"

    @property
    def differences(self) -> int:
        """How many rows differ."""
        return self.missing + self.extra + self.changed

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything else in the certificate."""
        return _digest(self._content())

    def as_json(self) -> dict[str, Any]:
        """The certificate as it is kept and handed on; `from_json` reads it."""
        return {**self._content(), "digest": self.digest}

    def _content(self) -> dict[str, Any]:
        content = {"format": FORMAT, **asdict(self), "equal": self.equal}
        if not self.held:
            # Certificates of before rows could be held back keep their digest.
            del content["held"]
        plain: dict[str, Any] = json.loads(json.dumps(content, default=_written))
        return plain

    @classmethod
    def from_json(cls, content: Mapping[str, Any] | str) -> Certificate:
        """The certificate written in this JSON. Raises CertificateInvalid when it is none, or was changed."""
        try:
            held = dict(json.loads(content) if isinstance(content, str) else content)
            said = held.pop("digest")
            if held.pop("format") != FORMAT:
                raise ValueError("format")
            equal = held.pop("equal")
            for name in ("left", "right"):
                side = dict(held[name])
                held[name] = CertifiedSide(**{**side, "seen_at": dt.datetime.fromisoformat(side["seen_at"])})
            held["columns"] = tuple(CertifiedColumn(**column) for column in held["columns"])
            held["made_at"] = dt.datetime.fromisoformat(held["made_at"])
            held["key"], held["not_compared"] = tuple(held["key"]), tuple(held["not_compared"])
            found = cls(**held)
            known = all(column.kind in KINDS for column in found.columns)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CertificateInvalid(
                reason_vi="nội dung không phải là giấy chứng nhận đối chiếu",
                reason_en="this is not a certificate of reconciliation",
            ) from None
        if not known or found.digest != said or found.equal != equal:
            raise CertificateInvalid(
                reason_vi="nội dung đã bị sửa sau khi lập, mã kiểm tra không khớp",
                reason_en="it was changed after it was made: its digest does not fit its content",
            )
        return found

    def text(self, locale: str = "vi") -> str:
        """The certificate for people, in Vietnamese, or in English for any locale that begins with `en`."""
        from lienthong.engine.sync.certificatetext import certificate_text

        return certificate_text(self, "en" if locale.startswith("en") else "vi")


def _digest(content: Mapping[str, Any]) -> str:
    form = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(form.encode()).hexdigest()


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(type(value).__name__)
