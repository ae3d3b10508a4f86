"""The command `lienthong`: each subcommand is loaded when it is asked for."""

from __future__ import annotations

import gc
import os
from importlib import import_module

import click

from lienthong import __version__

# No command multiplies matrices; threads that wait to do so cost each of them more than the reading of a small file.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "doctor": "lienthong.cli.doctor:doctor",
    "look": "lienthong.cli.look:look",
    "measure": "lienthong.cli.measure:measure",
    "overlap": "lienthong.cli.overlap:overlap",
    "reconcile": "lienthong.cli.reconcile:reconcile",
    "sketch": "lienthong.cli.sketch:sketch",
    "sketch-key": "lienthong.cli.sketch:sketch_key",
    "sketch-show": "lienthong.cli.sketch:sketch_show",
    "start": "lienthong.cli.start:start",
    "store": "lienthong.cli.store:store",
    "sync": "lienthong.cli.sync:sync",
    "user": "lienthong.cli.user:user",
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is run or its help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        # What is imported stays to the end: nothing of it is to be looked through for what may be let go.
        gc.disable()
        try:
            command = getattr(import_module(module), name)
        finally:
            gc.freeze()
            gc.enable()
        return command if isinstance(command, click.Command) else None


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="lienthong")
def main() -> None:
    """Liên Thông: quản lý, kết nối, chia sẻ và mở dữ liệu / manage, connect, share and open data."""
