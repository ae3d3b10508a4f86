"""The demo's story is told once, also when it is cut off, and leaves the world that its visitors are promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.agencies.governance import governance_of
from lienthong.agencies.models import Delegation
from lienthong.authority.items import item_picture
from lienthong.authority.mapping import MapQuestion, overlap_graph
from lienthong.authority.models import CorrectionCase
from lienthong.authority.public_items import public_items
from lienthong.catalogue import code_lists, governing
from lienthong.catalogue.models import Database, DatabaseState, NationalDossier, NationalList
from lienthong.demo import corrections, story
from lienthong.demo.jobs import STEPS
from lienthong.demo.proposals import PERSONNEL
from lienthong.demo.shared_lists import COMMUNES
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.events.models import Event
from lienthong.opendata.models import OpenDataset, OpenState
from lienthong.sharing.models import ServiceState, SharingRequest, SharingService, StoredCopy

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def data_directory(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DEMO = True


def test_the_story_told_twice_is_the_story_told_once() -> None:
    for step, _, _ in STEPS:
        step()
    once = Event.objects.count()
    for step, _, _ in STEPS:
        step()

    assert Event.objects.count() == once
    assert Database.objects.get(code=story.NATIONAL).state == DatabaseState.IN_OPERATION
    assert Database.objects.get(code=story.LOCAL).state != DatabaseState.IN_OPERATION
    assert SharingService.objects.get(code=story.SERVICE).state == ServiceState.PUBLISHED
    assert SharingRequest.objects.count() == 2
    corrected = CorrectionCase.objects.get(through=corrections.SYNC_SERVICE)
    assert (corrected.state, corrected.checked_rows) == ("broadcast", 1)
    assert StoredCopy.objects.count() == 1
    assert OpenDataset.objects.get(slug=story.COMMUNES).state == OpenState.PUBLISHED
    dossiers = NationalDossier.objects.order_by("pk").values_list("database__code", "state", "times_returned")
    assert list(dossiers) == [(story.NATIONAL, "listed", 1), (PERSONNEL, "submitted", 1)]
    assert NationalList.objects.count() == 2
    became = code_lists.translate(code_lists.code_list_named(COMMUNES), "00001", known_on=date(2025, 6, 1))
    assert [one.name for one in became.became] == ["Phường Hồng Hà"]
    assert [item.code for item in code_lists.master_items(SYSTEM) if not item.shown_source] == ["DLC-CBCC"]
    assert governing.governance_of(Database.objects.get(code=story.LOCAL)).connection is not None
    assert Delegation.objects.count() == 1
    told = overlap_graph(SYSTEM, MapQuestion())
    assert item_picture(SYSTEM, MapQuestion(domain="person")).marks.keys() >= {
        "source",
        "follows",
        "under_way",
    }
    public = public_items()
    assert public.marks.keys() >= {"source", "follows", "under_way"}
    assert len(told.holders) >= 8
    assert len({case.standing for tie in told.ties for case in tie.cases}) >= 6
    assert [one.code for one in governance_of(story.agency("H99")).uncovered] == ["H99.65"]


def test_every_step_says_what_it_does_in_both_languages() -> None:
    assert all(vi != en and vi[0].isupper() and en[0].isupper() for _, vi, en in STEPS)
