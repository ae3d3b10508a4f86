"""Every test of the kit sees the small site of `addresses`, with the catalogues compiled."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client
from django.utils import translation

from lienthong.foundation.pagekit.tests import addresses

ROOT = Path(__file__).resolve().parents[5]


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    load_script("compile_locale").compile_all()
    from django.utils.translation import trans_real

    trans_real._translations.clear()


@pytest.fixture(autouse=True)
def _own_site(settings):
    settings.ROOT_URLCONF = "lienthong.foundation.pagekit.tests.addresses"
    settings.PAGEKIT = addresses.FRAME
    settings.DEMO = False
    with translation.override("vi"):
        yield


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)
