"""Compile once what the commands load: where an environment forbids Python to write, each start would do it anew."""

from __future__ import annotations

import compileall
import sys
from importlib import import_module
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src"


def main() -> int:
    sys.dont_write_bytecode = False
    compileall.compile_dir(SOURCES, quiet=1)
    # Of the libraries only what is loaded: the whole environment would take a minute.
    for module in ("lienthong.cli.overlap", "lienthong.cli.look", "lienthong.engine.sources.files"):
        import_module(module)
    return 0


if __name__ == "__main__":
    sys.exit(main())
