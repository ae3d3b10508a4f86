"""A world that stands for all tests of a module: built once, given back as it was after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import pytest

World = TypeVar("World")

FOLDERS = ("store", "replicas", "evidence", "files", "keys", "tmp")


@pytest.fixture(scope="module")
def standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A data directory and a transaction around the tests of a module, for the module's own world to be built in.

    What a test does to the database is rolled back to this world after it, and the world itself after the module. Files
    are not rolled back: a test that writes other files than the world's takes a directory of its own. Objects of the
    world live longer than one test, so a fixture of the test's own reads anew what may be changed, or gives `anew`.
    """
    from django.db import transaction
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("data")
    for name in FOLDERS:
        (folder / name).mkdir()
    with override_settings(DATA_DIR=folder), django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        try:
            yield folder
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


def anew(built: World) -> World:
    """The objects of a standing world as they were when it was built, for one test to change."""
    return deepcopy(built)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What stands for some tests of a module only, above its standing world: gone from the database afterwards."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def delivered() -> Iterator[None]:
    """What follows from what happens within: reactions run at its end, as they do after a commit."""
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        yield
