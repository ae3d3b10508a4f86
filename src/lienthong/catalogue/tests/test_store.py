"""The store of versions is put in order once a day, and nobody reads anything else for it."""

from datetime import timedelta

import pyarrow as pa
import pytest
from django.utils import timezone

from lienthong.catalogue.commands import order_store_daily
from lienthong.catalogue.replicas import version_store
from lienthong.foundation.jobs.models import Job, JobState
from lienthong.foundation.jobs.working import run_waiting_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_files_become_few_once_a_day(settings, tmp_path):
    # given a table that was published often
    settings.DATA_DIR = tmp_path
    store = version_store()
    store.publish("t", full=pa.table({"id": range(50), "n": [0] * 50}), key=("id",))
    for turn in range(24):
        store.publish("t", changes=pa.table({"_change": ["update"], "id": [turn], "n": [turn + 1]}))
    before = store.compact("t", least_files=1000).files_before
    now = timezone.now()

    # when the day has come
    started = order_store_daily(now=now)
    assert order_store_daily(now=now + timedelta(hours=1)) is None
    run_waiting_jobs()

    # then files are few and every version is what it was
    job = Job.objects.get(pk=started.pk)
    assert (job.state, job.result["ordered"]) == (JobState.FINISHED, 1)
    assert store.compact("t", least_files=1000).files_before < before
    assert all(store.proved("t", version.number) for version in store.versions("t"))
    assert order_store_daily(now=now + timedelta(hours=25)) is not None
