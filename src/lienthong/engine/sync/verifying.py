"""Compute again what a certificate says of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lienthong.engine.session import ShouldStop
from lienthong.engine.sync.certifying import Certificate
from lienthong.engine.sync.disagreements import CertificateInvalid, told_as_stopped
from lienthong.engine.sync.reconciling import compared
from lienthong.engine.sync.shapes import ColumnMap, Side
from lienthong.engine.sync.summoning import OpenSide, opened_source


@dataclass(frozen=True, slots=True)
class Verification:
    """The digests of both sides as they are now, in the form of the certificate, and whether they are still those."""

    certificate: Certificate
    left: str
    right: str

    @property
    def left_holds(self) -> bool:
        """Whether the left side is as the certificate says."""
        return self.left == self.certificate.left.digest

    @property
    def right_holds(self) -> bool:
        """Whether the right side is as the certificate says."""
        return self.right == self.certificate.right.digest

    @property
    def holds(self) -> bool:
        """Whether both sides are as the certificate says."""
        return self.left_holds and self.right_holds


@told_as_stopped()
def verify(
    certificate: Certificate,
    left: Side | None = None,
    right: Side | None = None,
    *,
    columns: Sequence[ColumnMap] | None = None,
    open_side: OpenSide = opened_source,
    should_stop: ShouldStop | None = None,
) -> Verification:
    """Digest both sides again, as the certificate says that it was done. Reads every row of both once.

    The sides are those that it names unless they are given (its names hold no password). `columns` are needed where a
    column was converted by a table of codes, since the certificate holds only the digest of that.
    Raises CertificateInvalid where it cannot be done again, ReconcileStopped, and the errors of the sides.
    """
    maps = columns or _columns(certificate)
    sides = [
        replace(side or Side(_address(one.source, one.table, one.version), one.table if one.version is None else ""),
                options={**(side.options if side is not None else {}), "zone": one.zone})
        for side, one in ((left, certificate.left), (right, certificate.right))
    ]  # fmt: skip
    with compared(
        *sides, key=certificate.key, columns=maps, open_side=open_side, should_stop=should_stop
    ) as comparison:
        told = comparison.terms.certified()
        if tuple(one.conversion for one in told) != tuple(one.conversion for one in certificate.columns):
            raise _cannot(
                "phép đổi mã khi lập không có ở đây", "the conversions of codes are not those used then"
            )
        if certificate.form != "pg1":
            comparison.terms = comparison.terms.canonical()
        terms = comparison.terms
        kinds = [column.kind for column in terms.right.columns]
        if terms.left.form != certificate.form or kinds != [column.kind for column in certificate.columns]:
            raise _cannot(
                "kiểu của các cột hoặc máy chủ không còn như khi lập",
                "the types of the columns, or the servers, are not those of then",
            )
        comparison.begin()
        now = [total.digest.written(terms.left.form) for total in comparison.totals()]
    return Verification(certificate, now[0], now[1])


def _columns(certificate: Certificate) -> list[ColumnMap]:
    if any(column.conversion for column in certificate.columns):
        raise _cannot(
            "có cột được đổi mã; cần nêu lại phép đổi",
            "columns were converted: the conversions must be given again",
        )
    return [ColumnMap(column.right, column.left) for column in certificate.columns]


def _cannot(vi: str, en: str) -> CertificateInvalid:
    return CertificateInvalid(reason_vi=vi, reason_en=en)


def _address(source: str, table: str, version: int | None) -> str:
    return f"{source}#{table}@{version}" if source.startswith("store:") and version is not None else source
