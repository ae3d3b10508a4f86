from __future__ import annotations

import sys

import pytest

from lienthong.foundation.accounts.actor import Actor

from .probe import jobs


@pytest.fixture
def probe(monkeypatch):
    """Jobs for the tests to start, as if an app `probe` were installed."""
    monkeypatch.setitem(sys.modules, "lienthong.probe.jobs", jobs)


@pytest.fixture
def officer():
    return Actor(user_id="7", unit_id="3", roles=frozenset({"unit"}), locale="en", origin="web")
