"""Which of many databases are worth comparing with a new one."""

from lienthong.engine.overlap.nominating import Nominations
from lienthong.engine.overlap.sketching import Plan
from lienthong.engine.overlap.tests.copies import goods, people, sketched


def test_those_that_share_values_come_first_then_those_that_speak_of_the_same():
    register = people(3, 600)
    opaque = register.slice(0, 300).rename_columns([f"c{i}" for i in range(7)])
    held = Nominations()
    for name, table in (
        ("hang", goods(1, 200)),
        ("dan-cu", register),
        ("khac", people(9, 300)),
        ("la", opaque),
    ):
        held.add(sketched(name, plan=Plan(), t=table))

    found = held.nominated(sketched("moi", plan=Plan(), t=register.slice(100, 400)), by_names=2)

    assert len(held) == 4
    assert [one.database for one in found[:2]] == ["dan-cu", "la"]
    assert found[0].columns >= 4
    # Another population has the same names; a part of it under names that say nothing is found by values alone.
    assert next(one for one in found if one.database == "khac").words > 0
    assert next(one for one in found if one.database == "la").words == 0
    assert "hang" not in [one.database for one in found]


def test_names_alone_nominate_where_no_hashes_left():
    held = Nominations()
    for name, table in (("hang", goods(1, 200)), ("dan-cu", people(3, 300))):
        held.add(sketched(name, plan=Plan(level=0), t=table))
    new = sketched("moi", plan=Plan(level=0), t=people(5, 50))

    found = held.nominated(new, by_names=1)

    assert [(one.database, one.columns) for one in found] == [("dan-cu", 0)]
