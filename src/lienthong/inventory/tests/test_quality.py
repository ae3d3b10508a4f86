"""Scores by rule, criterion, column and table; the quality page, its filters and its downloads; the assessment."""

from __future__ import annotations

import json

import pytest
import rdflib

from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.models import User
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries
from lienthong.inventory import scores
from lienthong.inventory.commands import record_assessment
from lienthong.inventory.demo import make_source, survey_now


def check(code, tested, failed=0):
    return {"code": code, "tested": tested, "failed": failed}


FORMS = [
    {
        "name": "a", "rows": 100, "checks": [check("duplicate_row", 100, 50)],
        "columns": [
            {"name": "mst", "checks": [check("value_missing", 100, 10), check("check_digit", 90, 9), check("identifier_form", 90)]},
            {"name": "ten", "checks": [check("value_missing", 100)]},
            {"name": "khac", "checks": []},
        ],
    }
]  # fmt: skip


class TestScores:
    @carries("GOVF-11")
    def test_what_is_kept_of_a_look(self):
        kept = scores.kept_of(FORMS)
        assert kept["worst"][0]["column"] == "mst"
        assert kept["criteria"]["complete"] is not None
        assert (kept["low"], kept["high"], kept["exact"]) == (kept["total"], kept["total"], True)
        assert kept["rules"] == 4
        assert scores.kept_of([])["total"] is None

    def test_columns_the_worst_first(self):
        assert [part.name for _, part in scores.columns_in(scores.score_of(FORMS))] == ["mst", "ten"]

    def test_every_characteristic_answers_a_requirement(self):
        assert set(scores.REQUIREMENTS.values()) == {"INV-02", "INV-04"}

    def test_lights_follow_the_thresholds_of_the_day(self):
        assert [scores.light_of(value, 90, 75) for value in (90, 89.9, 74)] == ["green", "yellow", "red"]
        assert scores.light_of(50, None, None) == ""


@pytest.fixture
def looked(world, sources):
    rows = "\n".join(
        f"{i:04d},{'0100109106' if i % 4 else '0100109107'},{'' if i % 3 == 0 else 'Cty'}"
        for i in range(1, 61)
    )
    (sources / "doanh_nghiep.csv").write_text(f"ma,ma_so_thue,ghi_chu\n{rows}\n", encoding="utf-8")
    make_source(world.database, sources / "doanh_nghiep.csv")
    survey_now(world.database)
    return world


@pytest.fixture
def browse(client):
    def as_(actor):
        client.force_login(User.objects.get(pk=actor.user_id))
        return client

    return as_


class TestPage:
    @carries("GOVF-11", "INV-02")
    def test_scores_worst_columns_and_findings(self, looked, browse):
        survey_now(looked.database)
        browser = browse(looked.owner)
        address = f"/lam-viec/csdl/{looked.database.code}/chat-luong/"
        page = browser.get(address).content.decode()
        for text in (
            "Năm tiêu chí",
            "Tính đầy đủ (INV-02)",
            "doanh_nghiep.ghi_chu",
            "không có sai số chọn mẫu",
            "Điểm qua các lần",
        ):
            assert text in page
        only = browser.get(address + "?tieu-chi=complete").content.decode()
        assert "bỏ trống" in only
        assert "Không có kết quả" in browser.get(address + "?muc=error&tieu-chi=alive").content.decode()
        assert "Five criteria" in browser.get("/en" + address).content.decode()
        assert browser.get(address + "?lan=999999").status_code == 404

    def test_downloads(self, looked, browse):
        browser = browse(looked.owner)
        address = f"/lam-viec/csdl/{looked.database.code}/chat-luong/"
        lines = browser.get(address + "cot.csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("table,column,score,low,high,right,complete")
        assert len(lines) >= 4
        rows = rows_of(browser.get(address + "xuat.xlsx").content)
        assert rows[0][:3] == ["Bảng", "Trường", "Điểm"]
        graph = rdflib.Graph().parse(data=browser.get(f"{address}dqv.ttl").content, format="turtle")
        measurement = rdflib.URIRef("http://www.w3.org/ns/dqv#QualityMeasurement")
        measured = len(list(graph.subjects(rdflib.RDF.type, measurement)))
        assert measured > 10
        nodes = json.loads(browser.get(f"{address}dqv.jsonld").content)
        assert sum(str(measurement) in node.get("@type", []) for node in nodes) == measured
        assert browser.get(f"{address}dqv.doc").status_code == 404

    def test_a_database_without_a_look_says_what_to_do(self, world, browse):
        page = browse(world.owner).get(f"/lam-viec/csdl/{world.database.code}/chat-luong/").content.decode()
        assert "Chưa khảo sát nguồn" in page

    @pytest.mark.parametrize(
        ("role", "unit", "status"),
        [
            (Role.FOCAL_OFFICER, "justice", 200), (Role.ADMINISTRATOR, "justice", 404),
            (Role.DATABASE_OWNER, "health", 404), (Role.COORDINATING_MINISTRY, "ministry", 403),
        ],
    )  # fmt: skip
    def test_who_sees_it(self, looked, browse, role, unit, status):
        browser = browse(looked.actor(getattr(looked, unit), role))
        for page in ("", "cot.csv", "xuat.xlsx", "dqv.ttl"):
            assert (
                browser.get(f"/lam-viec/csdl/{looked.database.code}/chat-luong/{page}").status_code == status
            )

    @carries("INV-02")
    def test_the_assessment_keeps_the_score_and_the_findings_of_its_look(self, looked):
        made = record_assessment(actor=looked.owner, survey=survey_now(looked.database))
        assert made.score == round(made.scores["total"])
        assert "value_missing" in {one["code"] for one in made.findings}
        assert {one["table"] for one in made.findings} == {"doanh_nghiep"}
