"""What a page or a paper says that it rests on: never a text that has ended, without saying so."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from django.utils import translation

import lienthong
from lienthong.foundation.tracing import carries
from lienthong.law import shipped
from lienthong.law.answers import Standing
from lienthong.law.errors import ProvisionUnknown
from lienthong.law.models import AuthorityRole, ChecklistLine, Instrument, ProvisionRelation
from lienthong.law.queries import (
    checklist,
    citations_for,
    grounds_at,
    grounds_for,
    grounds_named,
    parameters_on,
    provision_of,
)

pytestmark = pytest.mark.django_db

SOURCE = Path(lienthong.__file__).parent
DAYS = [
    date(2021, 1, 1),
    date(2025, 8, 18),
    date(2025, 8, 19),
    date(2025, 10, 21),
    date(2025, 10, 22),
    date(2025, 12, 31),
    date(2026, 11, 22),
    date(2031, 1, 1),
]


@cache
def sources() -> dict[str, str]:
    """The code of the house, by its path."""
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
    }


def ended_since(ref: str, day: date) -> date | None:
    """From the shipped files alone: the day from which a place holds no more, where that is before or on a day."""
    slug, _, at = ref.partition("/")
    text = next(row for row in shipped.read("instruments.yaml") if row["slug"] == slug)
    days = [
        row["effective_on"]
        for row in shipped.read("relations.yaml")
        if row["kind"] in {"repeals", "replaces"}
        and row["to"] == slug
        and row.get("to_place")
        and (at == row["to_place"] or at.startswith(f"{row['to_place']}."))
    ]
    if "in_force_to" in text:
        days.append(text["in_force_to"] + timedelta(days=1))
    past = [one for one in days if one <= day]
    return min(past, default=None)


def begins_later(ref: str, day: date) -> bool:
    text = next(row for row in shipped.read("instruments.yaml") if row["slug"] == ref.partition("/")[0])
    return text.get("in_force_from", day) > day


@carries("CFG-01")
def test_no_requirement_is_cited_as_in_force_when_it_is_not(law) -> None:
    named = shipped.requirements()
    for day, ground in ((day, ground) for day in DAYS for ground in grounds_for(*named, on=day)):
        with translation.override("vi"):
            said = ground.citation
        with translation.override("en"):
            said_en = ground.citation
        since = ended_since(ground.ref, day)
        if since is not None:
            assert f"hết hiệu lực từ {since:%d/%m/%Y}" in said
            assert "no longer in force since" in said_en
        elif begins_later(ground.ref, day):
            assert "chưa có hiệu lực" in said
        elif ground.holds:
            assert (said, said_en) == (ground.cited.citation_vi, ground.cited.citation_en)


@carries("CFG-01")
def test_a_requirement_rests_on_what_holds_as_long_as_anything_does(law) -> None:
    named = shipped.requirements()
    for day in DAYS:
        guidance = {"cv-2051-2020"} if day >= date(2025, 10, 22) else set()
        held = {ground.ref: ground.holds for ground in grounds_for(*named, on=day)}
        for cites in (requirement.cites for requirement in named.values() if requirement.cites):
            standing = [
                ref
                for ref in cites
                if not ended_since(ref, day)
                and not begins_later(ref, day)
                and ref.partition("/")[0] not in guidance
            ]
            assert held[standing[0] if standing else cites[0]] is bool(standing), (cites, day)


RULES_OF_THE_DAY = [
    ("OVL-05", date(2021, 1, 1), "cv-2051-2020/nhiem-vu-2"),
    ("OVL-05", date(2025, 7, 1), "luat-60-2024/11.2.b"),
    ("OVL-03", date(2021, 1, 1), "nd-47-2020/9.3"),
    ("OVL-03", date(2024, 7, 1), "luat-20-2023/41.3"),
    ("OVL-03", date(2025, 10, 22), "luat-60-2024/11.2.b"),
    ("ODA-14", date(2025, 8, 18), "nd-47-2020/19.2"),
    ("ODA-14", date(2025, 8, 19), "nd-194-2025/22"),
    ("CAT-06", date(2025, 10, 22), "luat-60-2024/3"),
    ("REG-01", date(2025, 10, 22), "luat-20-2023/42.1.c"),
    ("UPG-02", date(2025, 10, 22), "nd-278-2025/24"),
    ("SEC-02", date(2025, 10, 21), "nd-47-2020/5.3"),
    ("SEC-02", date(2025, 10, 22), "nd-13-2023"),
    ("SEC-02", date(2026, 1, 1), "luat-91-2025"),
    # The two working days were written into an article that ended with its decree
    ("DSH-04", date(2025, 10, 22), "nd-194-2025/16.2"),
]


@carries("OVL-01", "OVL-05", "ODA-14", "CAT-06", "SEC-02", "DSH-04")
def test_the_rule_of_the_day_is_named(law) -> None:
    for identity, day, ref in RULES_OF_THE_DAY:
        assert provision_of(identity, day) == ref
        assert [(ground.ref, ground.holds) for ground in grounds_for(identity, on=day)] == [(ref, True)]


@carries("CFG-01")
@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "vi",
            [
                "khoản 1 Điều 20 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 19/08/2025; giữ làm quy định của cơ quan)",
                "khoản 1 Điều 7 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 22/10/2025; giữ làm quy định của cơ quan)",
                "Nhiệm vụ 3 Công văn số 2051/BTTTT-THH (hướng dẫn văn bản đã hết hiệu lực từ 22/10/2025; "
                "giữ làm quy định của cơ quan)",
                "Điều 13 Nghị định số 278/2025/NĐ-CP",
            ],
        ),
        (
            "en",
            [
                "Article 20, clause 1, Decree 47/2020/NĐ-CP (no longer in force since 19 August 2025; "
                "kept as a rule of the agency)",
                "Article 7, clause 1, Decree 47/2020/NĐ-CP (no longer in force since 22 October 2025; "
                "kept as a rule of the agency)",
                "Task 3, Dispatch 2051/BTTTT-THH (guides a text no longer in force since 22 October 2025; "
                "kept as a rule of the agency)",
                "Article 13, Decree 278/2025/NĐ-CP",
            ],
        ),
    ],
)
def test_what_has_ended_says_so_and_since_when_in_the_readers_language(law, locale, said) -> None:
    with translation.override(locale):
        assert citations_for("ODA-09", "FOC-01", "FOC-05", "INV-05", "D278-12", on=date(2026, 11, 22)) == said
        assert not any("(" in one for one in citations_for("FOC-01", "INV-05", on=date(2021, 1, 1)))


@carries("CFG-01")
def test_a_provision_that_a_record_names_is_not_kept_as_a_rule(law) -> None:
    given = ("nd-47-2020/9.3", "cv-4856-2026", "nd-47-2020/9.3", "nd-0-1900/1")
    with translation.override("vi"):
        old = grounds_at(*given, on=date(2025, 10, 22))
    assert [(one.standing, one.since) for one in old] == [
        (Standing.ENDED, date(2025, 10, 22)),
        (Standing.NOT_YET, date(2026, 9, 14)),
    ]
    with translation.override("vi"):
        assert old[0].citation == "khoản 3 Điều 9 Nghị định số 47/2020/NĐ-CP (hết hiệu lực từ 22/10/2025)"
        assert old[1].citation == "Công văn số 4856/BCA-TTDLQG (chưa có hiệu lực trước 14/09/2026)"
    with pytest.raises(ProvisionUnknown):
        grounds_for("ABC-99")


OLD_CASES = [
    # Its rule ended, a later law stands in its place: the record goes on naming what it was opened under
    (("OVL-03", "nd-47-2020/9.3"), "nd-47-2020/9.3", "ended", date(2025, 10, 22), False),
    # Its rule ended, nothing later: it goes on as a rule of the agency
    (("FOC-01", "nd-47-2020/7.1"), "nd-47-2020/7.1", "ended", date(2025, 10, 22), True),
    (("INV-05", "cv-2051-2020"), "cv-2051-2020", "guides_ended", date(2025, 10, 22), False),
    # No place named, or none that is known: what its requirement rests on
    (("OVL-03", ""), "luat-60-2024/11.2.b", "holds", None, False),
    (("OVL-03", "nd-0-1900/1"), "luat-60-2024/11.2.b", "holds", None, False),
    # A requirement that is not in the list says nothing of a place
    (("ABC-99", "nd-47-2020/7.1"), "nd-47-2020/7.1", "ended", date(2025, 10, 22), False),
]


@carries("CFG-01")
def test_what_records_name_goes_on_where_their_requirement_rests_on_nothing_later(
    law, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        found = grounds_named([one for one, *_ in OLD_CASES] + [("", ""), ("ABC-99", "")], date(2026, 11, 22))
    assert set(found) == {one for one, *_ in OLD_CASES}
    for named, *expected in OLD_CASES:
        ground = found[named]
        assert [ground.ref, ground.standing, ground.since, ground.goes_on] == expected, named


@carries("CFG-01")
def test_a_guidance_stands_as_long_as_one_text_that_it_guides_does(law) -> None:
    # Given a dispatch that guides the decree that ended and a second text
    decree = Instrument.objects.get(slug="nd-278-2025")
    ProvisionRelation.objects.create(
        kind=ProvisionRelation.Kind.DETAILS,
        source_instrument=Instrument.objects.get(slug="cv-2051-2020"),
        target_instrument=decree,
        mark="secondary",
    )
    # Then it stands, and once that ends too it is said since when
    (ground,) = grounds_for("INV-05", on=date(2026, 11, 22))
    assert ground.holds
    decree.in_force_to = date(2026, 6, 30)
    decree.save()
    (ground,) = grounds_for("INV-05", on=date(2026, 11, 22))
    assert (ground.standing, ground.since) == (Standing.GUIDES_ENDED, date(2026, 7, 1))


@carries("CFG-01")
def test_two_questions_however_many_are_cited(law, django_assert_num_queries) -> None:
    for asked in (("FOC-01",), ("FOC-01", "OVL-05", "ODA-14", "CAT-06", "INV-05")):
        with django_assert_num_queries(2):
            assert citations_for(*asked)


@carries("CFG-01")
def test_limits_roles_and_lists_of_a_day_rest_on_nothing_that_had_ended(law) -> None:
    for day in (date(2025, 8, 19), date(2025, 10, 22), date(2026, 11, 22)):
        cited = {one.provision.ref for one in parameters_on(day) if one.provision}
        for kind in ChecklistLine.objects.values_list("kind", flat=True).distinct():
            cited |= {line.provision.ref for line in checklist(kind, day)}
        cited |= {
            row.provision.ref
            for row in AuthorityRole.objects.filter(valid_from__lte=day).select_related("provision")
            if row.provision and (row.valid_to is None or row.valid_to >= day)
        }
        assert cited
        assert {ref for ref in cited if ended_since(ref, day)} == set()


def test_the_law_is_cited_in_one_way() -> None:
    """Outside this app nobody words a provision himself: `grounds_for`, `grounds_at` and `citations_for` say how it stands."""
    rooms = re.compile(r"/(commands|queries)[/.]")
    own = [path for path, text in sources().items() if not path.startswith("law/") and ".citation(" in text]
    own += [
        path
        for path, text in sources().items()
        if "provision_of(" in text and not path.startswith("law/") and not rooms.search(path)
    ]
    assert own == []
