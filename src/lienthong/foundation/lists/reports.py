"""What becomes of each row of a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.commands import Upload, store_file
from lienthong.foundation.files.models import StoredFile

from .reading import ListRow, require_list

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"


@dataclass(frozen=True)
class ListLine:
    """What becomes of one row: `new`, `changed`, `unchanged` or `refused`, and why in both languages."""

    number: int
    code: str
    name: str
    verdict: str
    said_vi: str = ""
    said_en: str = ""


@dataclass
class ListReport:
    """What becomes of every row of a list, in the order of the list."""

    lines: list[ListLine] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        """How many rows have this verdict."""
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def changes(self) -> int:
        """How many rows would change, or changed, something."""
        return self.count(NEW) + self.count(CHANGED)


def refused(row: ListRow, error: DomainError, *, code: str, name: str) -> ListLine:
    """The line of a row that cannot be taken."""
    return ListLine(
        row.number,
        code[:60],
        name,
        REFUSED,
        f"{error.text('vi')} {error.hint('vi')}",
        f"{error.text('en')} {error.hint('en')}",
    )


def keep_list(*, actor: Actor, upload: Upload, label: str) -> StoredFile:
    """Keep a list that was handed in, to be looked through before it is taken over. Raises ListKindRefused."""
    name = upload.name or ""
    require_list(name)
    return store_file(
        actor=actor,
        name=name,
        chunks=upload.chunks(),
        media_type=upload.content_type or "application/octet-stream",
        label=label,
    )
