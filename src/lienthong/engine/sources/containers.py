"""Workbooks come packed: check what is in them before a reader takes it into memory.

The sizes that a packed file declares may lie, and two cells far apart make a reader lay out everything between
them. So an XLSX is unpacked here, counted as it comes, into a plain copy in the private folder of the source,
and that copy is what is read. Other kinds are first tried by a process of its own that may take only so much
memory.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from lienthong.engine.errors import EngineError, FileEncrypted, FileMalformed, SourceEmpty, SourceTooLarge
from lienthong.engine.session import Limits

MOST_CELLS = 40_000_000
MOST_ENTRIES = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 1 << 20
_OVERLAP = 64
_WIDE = re.compile(rb' r="[A-Z]{2}')
_CELLS = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Z]{1,3})([0-9]{1,9})", re.IGNORECASE)
_PROBE = """
import resource, sys
most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import python_calamine
cells = 0
try:
    book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        cells = max(cells, sheet.total_height * sheet.total_width)
except Exception:
    sys.exit(0)
sys.exit(3 if cells > int(sys.argv[3]) else 0)
"""


def unpacked(path: Path, display: str, limits: Limits, target: Path) -> Path:
    """The file that may be read in its place: checked, and unpacked when it is an XLSX.

    Raises SourceEmpty, FileEncrypted, FileMalformed, SourceTooLarge.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise SourceEmpty(source=display)
    ending = path.suffix.lower()
    if start == _OLE and ending != ".xls":
        # An OOXML workbook with a password is wrapped in the old container.
        raise FileEncrypted(source=display)
    if ending in (".xlsx", ".xlsm"):
        return _plain_copy(path, display, limits, target)
    if start != _OLE:
        _counted(path, display, limits)
    _tried(path, display, limits)
    return path


def _plain_copy(path: Path, display: str, limits: Limits, target: Path) -> Path:
    failure: EngineError | None = None
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
            left = limits.unpacked_mb << 20
            for entry in _entries(archive, display):
                extent = _Extent(display) if entry.filename.lower().endswith(".xml") else None
                with archive.open(entry) as packed, plain.open(entry.filename, "w", force_zip64=True) as copy:
                    while block := packed.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise SourceTooLarge.beyond(display, limits.unpacked_mb, "MB", "MB")
                        if extent is not None:
                            extent.see(block)
                        copy.write(block)
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
        RuntimeError,
    ) as error:
        locked = isinstance(error, RuntimeError) and "encrypted" in str(error)
        failure = FileEncrypted(source=display) if locked else FileMalformed(source=display, kind="XLSX")
    if failure is not None:
        raise failure
    return target


def _entries(archive: zipfile.ZipFile, display: str) -> list[zipfile.ZipInfo]:
    entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
    if len(entries) > MOST_ENTRIES:
        raise SourceTooLarge.beyond(display, MOST_ENTRIES, "tệp con", "entries")
    return list(entries.values())


class _Extent:
    """How far apart the cells of a sheet lie, as its text comes by."""

    def __init__(self, display: str) -> None:
        self.display = display
        self.rest = b""
        self.right = self.bottom = 0
        self.wide = False

    def see(self, block: bytes) -> None:
        """Look at the next part of the text. Raises SourceTooLarge."""
        text = self.rest + block
        self.rest = text[-_OVERLAP:]
        usual = not (b"'" in text or b"\t" in text or text.count(b"\n") > 2 or b" =" in text)
        if usual and not self.wide and _WIDE.search(text) is None:
            # At most 26 columns: even the longest sheet stays within what may be held.
            return
        self.wide = True
        for letters, digits in set(_CELLS.findall(text)):
            column = 0
            for letter in letters.upper():
                column = column * 26 + letter - 64
            self.right, self.bottom = max(self.right, column), max(self.bottom, int(digits))
        if self.right * self.bottom > MOST_CELLS:
            raise SourceTooLarge.beyond(self.display, MOST_CELLS, "ô", "cells")


def _counted(path: Path, display: str, limits: Limits) -> None:
    failure: EngineError | None = None
    try:
        with zipfile.ZipFile(path) as archive:
            left = limits.unpacked_mb << 20
            for entry in _entries(archive, display):
                with archive.open(entry) as packed:
                    while block := packed.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise SourceTooLarge.beyond(display, limits.unpacked_mb, "MB", "MB")
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
        RuntimeError,
    ) as error:
        locked = isinstance(error, RuntimeError) and "encrypted" in str(error)
        failure = (
            FileEncrypted(source=display)
            if locked
            else FileMalformed(source=display, kind=path.suffix[1:].upper())
        )
    if failure is not None:
        raise failure


def _tried(path: Path, display: str, limits: Limits) -> None:
    """Let a process of its own open the workbook: it may be ended by what would end us."""
    memory = 2048 + 2 * limits.unpacked_mb
    command = [sys.executable, "-I", "-c", _PROBE, str(path.absolute()), str(memory << 20), str(MOST_CELLS)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limits.statement_seconds,
            start_new_session=True,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        done = 3
    if done not in (0, 1):
        raise SourceTooLarge.beyond(display, MOST_CELLS, "ô", "cells")
