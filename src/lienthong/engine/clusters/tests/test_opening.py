"""Which cluster is worked on, and what is refused before or instead of it."""

from __future__ import annotations

import pytest

from lienthong.engine.clusters.digesting import digest_files
from lienthong.engine.clusters.errors import (
    ClusterFailed,
    ClusterNotNamed,
    ClusterUnreachable,
    FilesOutOfReach,
)
from lienthong.engine.clusters.measuring import measure_on
from lienthong.engine.clusters.opening import Cluster, ClusterAddress, named_cluster
from lienthong.engine.evidence.digests import RowDigest
from lienthong.engine.session import Interrupted

SECRET = "sc://tram:15002/;token=rat-bi-mat"


class Refusing:
    """A session in which everything fails with the library's own words."""

    def __init__(self, words):
        self.words = words

    def sql(self, _):
        raise RuntimeError(self.words)

    @property
    def read(self):
        raise RuntimeError(self.words)


def cluster(words="-"):
    return Cluster(Refusing(words), ClusterAddress("remote", SECRET))


def test_exactly_one_cluster_is_named():
    assert named_cluster({"LIENTHONG_SPARK_REMOTE": "sc://a"}) == ClusterAddress("remote", "sc://a")
    assert named_cluster({"LIENTHONG_SPARK_MASTER": "spark://a:7077"}).kind == "master"
    for environment in ({}, {"LIENTHONG_SPARK_REMOTE": "sc://a", "LIENTHONG_SPARK_MASTER": "spark://b"}):
        with pytest.raises(ClusterNotNamed):
            named_cluster(environment)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("[PATH_NOT_FOUND] file:///kho/1.parquet rat-bi-mat", FilesOutOfReach),
        ("java.io.FileNotFoundException rat-bi-mat", FilesOutOfReach),
        ("StatusCode.UNAVAILABLE rat-bi-mat", ClusterUnreachable),
        ("java.lang.OutOfMemoryError rat-bi-mat", ClusterFailed),
    ],
)
def test_what_the_library_says_becomes_a_refusal_without_secrets(words, kind):
    with pytest.raises(kind) as told:
        cluster(words).view("v", ["/kho/1.parquet"])

    for text in (told.value.text("vi"), told.value.text("en"), told.value.hint("vi"), str(told.value)):
        assert "rat-bi-mat" not in text
    assert "sc://tram:15002" in told.value.text("vi")


def test_a_name_that_a_cluster_takes_for_a_pattern_is_refused():
    with pytest.raises(FilesOutOfReach) as told:
        cluster().view("v", ["/kho/so lieu [2024].parquet"])

    assert "[2024]" in told.value.text("en")


def test_no_files_hold_no_rows():
    assert digest_files(cluster(), [], [("ma", "BIGINT")]) == RowDigest()


def test_work_stops_between_two_columns():
    class Silent(Cluster):
        def view(self, name, files):
            pass

    with pytest.raises(Interrupted):
        measure_on(Silent(None, ClusterAddress("remote", "sc://a")), [], [object()], should_stop=lambda: True)
