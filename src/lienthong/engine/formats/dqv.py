"""The quality of a database in the Data Quality Vocabulary (DQV, W3C Working Group Note of 2016), as Turtle or JSON-LD.

Every rule is a `dqv:Metric` in the `dqv:Dimension` of its characteristic (ISO/IEC 25012), the dimensions lie in
categories; every score is a `dqv:QualityMeasurement` computed on a table, or on a column of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import quote

from rdflib import BNode, Graph, Namespace, URIRef
from rdflib import Literal as Value
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, RDFS, SKOS, XSD

from lienthong.engine.profile.rules import CHARACTERISTICS, CRITERIA, RULES
from lienthong.engine.profile.scoring import Part, Score

DQV = Namespace("http://www.w3.org/ns/dqv#")
_TYPES = {"turtle": "turtle", "json-ld": "json-ld"}


def quality_graph(database: Part, about: str, *, measured_at: datetime | None = None) -> Graph:
    """The quality of a database as a graph; `about` is the address of the database, below which all else is named."""
    graph = Graph()
    for prefix, namespace in (
        ("dqv", DQV),
        ("dcat", DCAT),
        ("dcterms", DCTERMS),
        ("skos", SKOS),
        ("prov", PROV),
    ):
        graph.bind(prefix, namespace)
    home = about.rstrip("/#")
    terms = Namespace(f"{home}/quality#")
    _define(graph, terms)
    whole = URIRef(home)
    graph.add((whole, RDF.type, DCAT.Dataset))
    graph.add((whole, DCTERMS.title, Value(database.name)))
    _measure(graph, terms, whole, database, measured_at)
    for table in database.parts:
        node = URIRef(f"{home}/{quote(table.name, safe='')}")
        graph.add((node, RDF.type, DCAT.Dataset))
        graph.add((node, DCTERMS.title, Value(table.name)))
        graph.add((node, DCTERMS.isPartOf, whole))
        _measure(graph, terms, node, table, measured_at)
        for column in table.parts:
            part = URIRef(f"{home}/{quote(table.name, safe='')}#{quote(column.name, safe='')}")
            graph.add((part, RDF.type, RDFS.Resource))
            graph.add((part, DCTERMS.title, Value(column.name)))
            graph.add((part, DCTERMS.isPartOf, node))
            _measure(graph, terms, part, column, measured_at)
    return graph


def quality_text(
    database: Part,
    about: str,
    form: Literal["turtle", "json-ld"] = "json-ld",
    *,
    measured_at: datetime | None = None,
) -> str:
    """The quality of a database written down as Turtle or JSON-LD."""
    return quality_graph(database, about, measured_at=measured_at).serialize(format=_TYPES[form])


def _define(graph: Graph, terms: Namespace) -> None:
    category = terms["iso-25012"]
    graph.add((category, RDF.type, DQV.Category))
    graph.add((category, SKOS.prefLabel, Value("ISO/IEC 25012")))
    criteria = terms["criteria"]
    graph.add((criteria, RDF.type, DQV.Category))
    graph.add((criteria, SKOS.prefLabel, Value("đúng, đủ, sạch, sống, thống nhất", lang="vi")))
    graph.add((criteria, SKOS.prefLabel, Value("right, complete, clean, alive, consistent", lang="en")))
    for group, names in ((category, CHARACTERISTICS), (criteria, CRITERIA)):
        for name, (vi, en) in names.items():
            node = terms[name] if group is category else terms[f"criterion-{name}"]
            graph.add((node, RDF.type, DQV.Dimension))
            graph.add((node, DQV.inCategory, group))
            graph.add((node, SKOS.prefLabel, Value(vi, lang="vi")))
            graph.add((node, SKOS.prefLabel, Value(en, lang="en")))
            _metric(graph, terms[f"score-{node.fragment}"], node, vi, en)
    _metric(graph, terms["score"], terms["credibility"], "điểm chất lượng", "quality score")
    for code, rule in RULES.items():
        metric = terms[code]
        _metric(graph, metric, terms[rule.characteristic], rule.vi, rule.en)
        graph.add((metric, DQV.inDimension, terms[f"criterion-{rule.criterion}"]))
        graph.add((metric, SKOS.note, Value(rule.hint_vi, lang="vi")))
        graph.add((metric, SKOS.note, Value(rule.hint_en, lang="en")))


def _metric(graph: Graph, metric: URIRef, dimension: URIRef, vi: str, en: str) -> None:
    graph.add((metric, RDF.type, DQV.Metric))
    graph.add((metric, DQV.expectedDataType, XSD.decimal))
    graph.add((metric, DQV.inDimension, dimension))
    graph.add((metric, SKOS.definition, Value(vi, lang="vi")))
    graph.add((metric, SKOS.definition, Value(en, lang="en")))


def _measure(graph: Graph, terms: Namespace, of: URIRef, part: Part, measured_at: datetime | None) -> None:
    _note(graph, terms["score"], of, part.score, measured_at)
    for name, score in part.criteria.items():
        _note(graph, terms[f"score-criterion-{name}"], of, score, measured_at)
    for name, score in part.characteristics.items():
        _note(graph, terms[f"score-{name}"], of, score, measured_at)
    for code, score in part.rules.items():
        _note(graph, terms[code], of, score, measured_at)


def _note(graph: Graph, metric: URIRef, of: URIRef, score: Score, measured_at: datetime | None) -> None:
    if score.value is None:
        return
    node = BNode()
    graph.add((node, RDF.type, DQV.QualityMeasurement))
    graph.add((node, DQV.isMeasurementOf, metric))
    graph.add((node, DQV.computedOn, of))
    graph.add((of, DQV.hasQualityMeasurement, node))
    graph.add((node, DQV.value, Value(str(score.value), datatype=XSD.decimal)))
    exact = "mọi giá trị đã đếm" if score.exact else f"khoảng tin cậy 95%: {score.low} – {score.high}"
    graph.add((node, RDFS.comment, Value(f"{score.failed}/{score.tested}; {exact}", lang="vi")))
    if measured_at is not None:
        graph.add((node, PROV.generatedAtTime, Value(measured_at)))
