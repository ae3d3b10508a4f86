"""Load the product on a data directory, for commands that run inside one process."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .datadir import CannotStart

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=lambda: Path(os.environ.get("LIENTHONG_DATA_DIR", "data")),
    help="Thư mục dữ liệu / Data directory [data]",
)


def load(data: Path, *, must_exist: bool = True) -> Path:
    """Set Django up on this data directory; refuses one on which nothing was ever started."""
    root = data.expanduser().resolve()
    if must_exist and not (root / "control.db").exists() and not os.environ.get("LIENTHONG_DATABASE_URL"):
        raise CannotStart(
            f"Chưa có dữ liệu trong {root}; chạy lienthong start trước.",
            f"There is no data in {root}; run lienthong start first.",
        )
    os.environ["LIENTHONG_DATA_DIR"] = str(root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.settings.product")
    import django

    django.setup()
    return root
