from __future__ import annotations

import pytest

from lienthong.foundation.accounts.actor import Actor

PROBE = "lienthong.foundation.jobs.tests.probe"


@pytest.fixture
def probe(settings):
    """The app whose jobs the tests start."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, PROBE]


@pytest.fixture
def officer():
    return Actor(user_id="7", unit_id="3", roles=frozenset({"unit"}), locale="en", origin="web")
