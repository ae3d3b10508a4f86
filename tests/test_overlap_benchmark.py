"""The own Vietnamese benchmark: what it is made of, and that the matcher holds on a set that it was never tuned on."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def benchmark():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from benchmarks.overlap import accuracy, agencies

        yield agencies, accuracy


def test_there_are_forty_databases_and_more_in_many_domains_and_styles(benchmark):
    agencies, _ = benchmark
    sets = {number: agencies.databases(number) for number in agencies.TUNED + agencies.UNSEEN}
    made = [database for databases in sets.values() for database in databases]

    assert len(made) >= 40
    assert len({database.name for database in made}) >= 20
    assert len({database.style for database in made}) >= 12
    assert any(len(table.columns[0].values) < 10 for database in made for table in database.tables)
    tuned = {database.name for number in agencies.TUNED for database in sets[number]}
    assert not tuned & {database.name for number in agencies.UNSEEN for database in sets[number]}
    assert agencies.databases(4)[0].tables[0].columns[0].values == sets[4][0].tables[0].columns[0].values


def test_the_matcher_holds_on_a_set_that_it_was_not_tuned_on(benchmark, tmp_path):
    agencies, accuracy = benchmark
    made = agencies.databases(5)
    agencies.write(made, tmp_path)

    with_hashes, with_names = accuracy.measure("5", tmp_path, (2, 1))

    assert with_hashes.f1 >= 0.93
    assert with_hashes.recall >= 0.95
    assert with_names.f1 >= 0.7
    assert with_hashes.directed > 10
    assert with_hashes.misdirected == 0
    assert with_hashes.false_list_share <= 0.01
