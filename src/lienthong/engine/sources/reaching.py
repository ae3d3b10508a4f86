"""Check that a path is there and may be read, before anything opens it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lienthong.engine.errors import SourceKindUnknown, SourceNotFound, SourceUnreadable


def reached(path: Path, display: str) -> os.stat_result:
    """Check that a path is there, is a file or folder, and may be read. Opens no device and no pipe."""
    failure: type[SourceNotFound] | type[SourceUnreadable] | None = None
    found = None
    try:
        found = path.stat()
    except PermissionError:
        failure = SourceUnreadable
    except (OSError, ValueError):
        failure = SourceNotFound
    if failure is not None or found is None:
        raise (failure or SourceNotFound)(source=display)
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise SourceKindUnknown(source=display, kind="thiết bị / device")
    wanted = os.R_OK | (os.X_OK if stat.S_ISDIR(found.st_mode) else 0)
    if not os.access(path, wanted):
        raise SourceUnreadable(source=display)
    return found
