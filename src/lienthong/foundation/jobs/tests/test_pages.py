"""How far a job is, on a page, in a part of a page, and as JSON; and the order to stop."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.accounts.models import User
from lienthong.foundation.jobs.commands import start_job
from lienthong.foundation.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa():
    return User.objects.create_user("hoa", full_name="Nguyễn Thị Hoa", password="x")


@pytest.fixture
def start(probe, hoa):
    def start(actor=None, **given):
        actor = actor or Actor(user_id=str(hoa.pk), origin="web")
        return start_job(actor=actor, name="probe.polite", title_vi="Xem nguồn", title_en="Look", **given)

    return start


def running(job: Job, **changed) -> Job:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, **changed)
    return job


def test_the_starter_sees_the_page_in_vietnamese_and_in_english(client, hoa, start):
    job = running(start(), done=1, total=4, doing_vi="Đếm dòng", doing_en="Counting rows")
    client.force_login(hoa)
    page = client.get(f"/lam-viec/tien-trinh/{job.pk}/").content.decode()
    assert "Xem nguồn" in page
    assert "Đếm dòng" in page
    assert f'action="/lam-viec/tien-trinh/{job.pk}/dung/"' in page
    assert 'name="csrfmiddlewaretoken"' in page
    english = client.get(f"/en/lam-viec/tien-trinh/{job.pk}/").content.decode()
    assert "Counting rows" in english
    assert "Đếm dòng" not in english


def test_the_part_that_is_fetched_again_stands_alone_and_keeps_its_place(client, hoa, start):
    job = running(start())
    client.force_login(hoa)
    part = client.get(f"/lam-viec/tien-trinh/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'id="job-{job.pk}"' in part
    assert f'hx-get="/lam-viec/tien-trinh/{job.pk}/"' in part
    Job.objects.update(state=JobState.FINISHED)
    part = client.get(f"/lam-viec/tien-trinh/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in part
    assert "/dung/" not in part


def test_a_machine_reads_it_as_json(client, hoa, start):
    job = running(start(), done=1, total=4)
    client.force_login(hoa)
    found = client.get(f"/lam-viec/tien-trinh/{job.pk}/", headers={"Accept": "application/json"})
    assert found.headers["Cache-Control"].startswith("max-age=0")
    assert found.json()["state"] == "running"
    assert found.json()["percent"] == 25


@pytest.mark.parametrize("path", ["", "dung/"])
def test_for_others_it_is_not_there(client, start, path):
    job = start()
    address = f"/lam-viec/tien-trinh/{job.pk}/{path}"
    ask = client.post if path else client.get
    visitor = ask(address)
    assert visitor.status_code == 302
    assert visitor.headers["Location"].startswith(reverse("account_login"))
    assert client.get(f"/tien-trinh/{job.pk}/").status_code == 404
    client.force_login(User.objects.create_user("binh", full_name="Bình", password="x"))
    assert ask(address).status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_everybody_may_watch_the_demo_being_filled_in(client, start):
    job = running(start(actor=SYSTEM, open_to_all=True))
    page = client.get(f"/tien-trinh/{job.pk}/").content.decode()
    assert "Xem nguồn" in page
    assert f'hx-get="/tien-trinh/{job.pk}/"' in page
    assert "/dung/" not in page


def test_the_order_to_stop_goes_back_to_its_page(client, hoa, start):
    job = running(start())
    client.force_login(hoa)
    address = f"/lam-viec/tien-trinh/{job.pk}/dung/"
    assert client.get(address).status_code == 405
    back = client.post(address, headers={"Referer": "http://testserver/lam-viec/"})
    assert back.headers["Location"] == "http://testserver/lam-viec/"
    job.refresh_from_db()
    assert job.cancel_requested
    elsewhere = client.post(address, headers={"Referer": "http://evil.example/"})
    assert elsewhere.headers["Location"] == f"/lam-viec/tien-trinh/{job.pk}/"


def test_an_impossible_number_is_not_a_fault(client):
    assert client.get(f"/tien-trinh/{'9' * 40}/").status_code == 404
