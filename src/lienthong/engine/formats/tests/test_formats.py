"""The quality of a database is written so that machines and people read the same numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from lienthong.engine.formats.dqv import DQV, quality_text
from lienthong.engine.formats.qualitybook import write_quality
from lienthong.engine.profile import profile_relation
from lienthong.engine.profile.rules import RULES
from lienthong.engine.profile.scoring import score_database
from lienthong.engine.shapes import Column, LookedTable, Table

# rdflib reads JSON-LD through a class of its own that it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HOME = "https://csdl.example.vn/csdl/H01"


@pytest.fixture
def form() -> dict[str, object]:
    session = duckdb.connect()
    session.execute(
        "CREATE TABLE t AS SELECT n AS id, CASE WHEN n < 10 THEN NULL ELSE '=cmd|' || n END AS ten FROM range(100) AS r(n)"
    )
    table = Table("bảng 1", (Column("id", "integer"), Column("ten", "text")), primary_key=("id",))
    profile = profile_relation(session, "t", table="bảng 1", declared=table)
    return LookedTable(table, profile).as_json()


@pytest.mark.parametrize("kind", ["turtle", "json-ld"])
def test_measurements_parse_back_as_dqv(form: dict[str, object], kind: str) -> None:
    database = score_database("CSDL", [form])

    text = quality_text(database, HOME, kind, measured_at=datetime(2026, 1, 2, tzinfo=UTC))  # type: ignore[arg-type]

    graph = Graph().parse(data=text, format=kind)
    measurements = list(graph.subjects(RDF.type, DQV.QualityMeasurement))
    assert len(measurements) > 10
    metrics = set(graph.subjects(RDF.type, DQV.Metric))
    for one in measurements:
        assert graph.value(one, DQV.isMeasurementOf) in metrics
        assert graph.value(one, DQV.computedOn) is not None
        assert 0 <= float(str(graph.value(one, DQV.value))) <= 100
    for metric in metrics:
        assert (graph.value(metric, DQV.inDimension), RDF.type, DQV.Dimension) in graph
    missing = URIRef(f"{HOME}/quality#value_missing")
    column = URIRef(f"{HOME}/b%E1%BA%A3ng%201#ten")
    (measured,) = [
        one
        for one in graph.subjects(DQV.isMeasurementOf, missing)
        if graph.value(one, DQV.computedOn) == column
    ]
    assert float(str(graph.value(measured, DQV.value))) == 90


def test_only_terms_of_the_vocabulary_are_used(form: dict[str, object]) -> None:
    known = {
        "QualityMeasurement", "Metric", "Dimension", "Category", "isMeasurementOf", "computedOn", "value", "inDimension",
        "inCategory", "hasQualityMeasurement", "expectedDataType",
    }  # fmt: skip
    graph = Graph().parse(data=quality_text(score_database("CSDL", [form]), HOME), format="json-ld")

    used = {
        str(term).removeprefix(str(DQV))
        for triple in graph
        for term in triple
        if str(term).startswith(str(DQV))
    }
    assert used == known


@pytest.mark.parametrize(
    ("locale", "sheet", "said"),
    [("vi", "Phát hiện", "10 dòng bỏ trống (10%)"), ("en", "Findings", "10 rows are empty (10%)")],
)
def test_the_workbook_tells_scores_worst_fields_findings_and_rules(
    form: dict[str, object], tmp_path: Path, locale: str, sheet: str, said: str
) -> None:
    path = tmp_path / "q.xlsx"

    write_quality(path, score_database("CSDL", [form]), [form], locale)

    book = CalamineWorkbook.from_path(path)
    assert len(book.sheet_names) == 4
    assert any(said in row for row in book.get_sheet_by_name(sheet).to_python())
    assert len(book.get_sheet_by_index(3).to_python()) == len(RULES) + 1
    assert "ten" in json.dumps(book.get_sheet_by_index(1).to_python())
