"""Sketch files on the server: made under the policy, handed in and compared without the key, destroyed when they expire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.errors import KeyHeldHere, KeyUnknown, SecretNotSearched, SourceNotBound
from lienthong.authority.models import Direction, OverlapCase, SketchPassage
from lienthong.authority.queries import leading_pair, pairs_of
from lienthong.catalogue.commands import classify_field, describe_from_look, mark_secret
from lienthong.catalogue.demo import make_look
from lienthong.catalogue.models import DataField
from lienthong.engine.overlap.errors import SketchError
from lienthong.engine.overlap.keys import write_new_key
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.accounts.models import User
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.queries import events_named
from lienthong.foundation.files.commands import path_of
from lienthong.foundation.jobs.models import JobState
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.foundation.tracing import carries
from lienthong.inventory.demo import make_source

from .test_jobs import write

PERIOD = "2026-Q4"


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    """A data directory of the test's own, which holds the key of one matching period."""
    settings.DATA_DIR = tmp_path / "data"
    keys = settings.DATA_DIR / "keys" / "matching"
    keys.mkdir(parents=True)
    write_new_key(keys / PERIOD)
    return keys


@pytest.fixture
def bound(world, tmp_path):
    """The local list has the codes of the national one, under other names."""
    mine = [(f"{n * 7:05d}", f"Xã số {n}") for n in range(150)]
    theirs = [(f"{n * 7:05d}", f"Xã số {n}", n / 7) for n in range(180)]
    make_source(world.local, write(tmp_path / "a.sqlite", "dvhc", "ma TEXT, ten TEXT", mine))
    columns = "ward_code TEXT, ward_name TEXT, area REAL"
    make_source(world.national, write(tmp_path / "b.sqlite", "ward", columns, theirs))


def made(database, actor, level=2, period=PERIOD) -> SketchPassage:
    job = commands.make_sketch(actor=actor, database=database, level=level, period=period)
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.error_vi) == (JobState.FINISHED, "")
    return SketchPassage.objects.get(job=job)


def content(passage: SketchPassage) -> bytes:
    return path_of(passage.file.sha256).read_bytes()


def handed_in(world, passage: SketchPassage, actor) -> SketchPassage:
    upload = SimpleUploadedFile("tep.sketch", content(passage))
    return commands.hand_in_sketch(actor=actor, database=passage.database, upload=upload)


@carries("OVL-05")
def test_files_made_under_one_key_are_compared_where_the_key_is_not(world, bound, data_directory):
    one, two = made(world.local, world.owner), made(world.national, world.ministry_owner)
    assert one.key == two.key != ""
    assert (one.period, one.expires) == (PERIOD, timezone.localdate() + timedelta(days=90))
    assert events_named("authority.SketchLeft").count() == 2
    for passage in (one, two):
        assert b"00007" not in content(passage)
    with pytest.raises(KeyHeldHere):
        handed_in(world, one, world.owner)
    # Elsewhere: a server that has no key.
    (data_directory / PERIOD).unlink()
    handed_in(world, two, world.ministry_owner)
    run_waiting_jobs()
    assert not OverlapCase.objects.exists()
    handed_in(world, one, world.owner)
    run_waiting_jobs()
    case = OverlapCase.objects.get()
    assert (case.lower, case.proposed_outcome) == (world.local, "must_synchronise")
    leading = leading_pair(pairs_of(case))
    assert (leading.lower.column, leading.higher.column, leading.pair.level) == ("ma", "ward_code", 2)
    assert leading.lower.low <= 1.0 <= leading.lower.high + 1e-9


@carries("OVL-05")
def test_without_a_key_names_and_profiles_may_leave_and_no_hash(world, bound, data_directory):
    (data_directory / PERIOD).unlink()
    with pytest.raises(KeyUnknown):
        commands.make_sketch(actor=world.owner, database=world.local, level=2, period=PERIOD)
    for odd in ("../secrets.key", "", "."):
        with pytest.raises(KeyUnknown):
            commands.make_sketch(actor=world.owner, database=world.local, level=2, period=odd)
    passage = made(world.local, world.owner, level=1, period="")
    assert (passage.level, passage.hashed, passage.key) == (1, 0, "")


@carries("OVL-05", "SEC-01")
def test_what_the_catalogue_calls_personal_is_held_to_the_sizes_of_personal_data(world, bound):
    # Given codes that by themselves say nothing of persons, classed as personal data.
    look = make_look("dvhc", [("ma", "text"), ("ten", "text")], primary_key=["ma"])
    describe_from_look(actor=SYSTEM, database=world.local, look=look)
    field = DataField.objects.get(table__database=world.local, name="ma")
    assert b'"personal": true' not in content(made(world.local, world.owner))
    classify_field(actor=SYSTEM, field=field, personal_data="sensitive")
    # When a file is made, then their hashes stay and it says so.
    passage = made(world.local, world.owner)
    assert b'"personal": true' in content(passage)
    assert b"few_personal_values" in content(passage)


@carries("OVL-05")
def test_an_expired_file_is_destroyed_and_its_audit_stays(world, bound):
    passage = made(world.local, world.owner, level=0, period="")
    where = path_of(passage.file.sha256)
    assert commands.destroy_expired_sketches(on=passage.expires) == 0
    assert commands.destroy_expired_sketches(on=passage.expires + timedelta(days=1)) == 1
    assert commands.destroy_expired_sketches(on=passage.expires + timedelta(days=1)) == 0
    passage.refresh_from_db()
    assert (passage.file, where.exists(), bool(passage.destroyed_at)) == (None, False, True)
    assert events_named("authority.SketchDestroyed").count() == 1


@pytest.mark.parametrize("broken", [b"", b"LIENTHONG-SKETCH 9\n", b"xin chao"])
def test_what_is_no_sketch_is_refused_and_nothing_is_kept(world, broken):
    with pytest.raises(SketchError):
        commands.hand_in_sketch(
            actor=world.owner, database=world.local, upload=SimpleUploadedFile("a.sketch", broken)
        )
    assert not SketchPassage.objects.exists()


@carries("SEC-01")
def test_others_and_secrets_make_none(world, bound):
    with pytest.raises(NotAllowed):
        commands.make_sketch(actor=world.stranger, database=world.local, level=0)
    with pytest.raises(SourceNotBound):
        commands.make_sketch(
            actor=world.head,
            database=world.database(world.province, "local", managing_unit=world.health),
            level=0,
        )
    passage = made(world.local, world.owner, level=0, period="")
    where = path_of(passage.file.sha256)
    keeper = world.actor(world.home, Role.SECRETS_KEEPER, Role.DATABASE_OWNER)
    mark_secret(actor=keeper, database=world.local, reason="Quyết định 1")
    world.local.refresh_from_db()
    commands.set_aside_cases(actor=keeper, database=world.local)
    assert not where.exists()
    with pytest.raises(SecretNotSearched):
        commands.make_sketch(actor=keeper, database=world.local, level=0)


def test_the_page_makes_lists_hands_over_and_takes(world, bound, client, data_directory):
    client.force_login(
        User.objects.get(pk=world.owner.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    here = f"/lam-viec/csdl/{world.local.code}/phac-thao/"
    assert "Chưa lập, chưa nhận" in client.get(here).content.decode()
    client.post(here, {"viec": "lap", "level": "0"})
    run_waiting_jobs()
    passage = SketchPassage.objects.get(direction=Direction.OUT)
    page = client.get(here).content.decode()
    assert "Mức 0" in page
    file = b"".join(client.get(f"{here}{passage.pk}/tep/").streaming_content)
    assert file == content(passage)
    unknown = client.post(here, {"viec": "lap", "level": "2"})
    assert (unknown.status_code, "không có khóa" in unknown.content.decode()) == (422, True)
    odd = client.post(here, {"viec": "nop", "upload": SimpleUploadedFile("a.sketch", b"x")})
    assert odd.status_code == 422
    client.force_login(
        User.objects.get(pk=world.ministry_owner.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(here).status_code == 404


def test_without_a_key_the_page_says_what_to_do(world, bound, client, data_directory):
    # Given a server that holds no key of any period.
    for key in data_directory.iterdir():
        key.unlink()
    client.force_login(
        User.objects.get(pk=world.owner.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    place = f"/lam-viec/csdl/{world.local.code}/phac-thao/"
    # When the page is opened, then no period and no level 2 is offered, and the way to a key is told.
    shown = client.get(place).content.decode()
    assert 'name="period"' not in shown
    assert "keys/matching/2026-Q4" in shown
    assert "Mức 2 cần khóa của kỳ đối chiếu" in shown
    assert client.post(place, {"viec": "lap", "level": "2"}).status_code == 422
    assert client.post(place, {"viec": "lap", "level": "1"}).status_code == 302
