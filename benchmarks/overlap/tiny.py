"""Tables of a few rows in which several things are told at once, and copies of them in a clerk's own manner.

Five to eight rows name the same reader, course or client more than once. The copy keeps the rows; it shortens names of
columns to their first letters, numbers things anew, cuts words to initials, puts a letter before and after.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.overlap.samples import FIRST, LAST, PLACES, WORDS, Cells, Chance, Tables

Manner = Callable[[Sequence[Any], random.Random], list[Any]]


def _as_they_are(values: Sequence[Any], _: random.Random) -> list[Any]:
    return list(values)


def _numbered_anew(values: Sequence[Any], _: random.Random) -> list[Any]:
    known: dict[Any, int] = {}
    return [known.setdefault(value, len(known) + 1) for value in values]


def _lettered(values: Sequence[Any], chance: random.Random) -> list[Any]:
    return ["ABCDEFGHIJ"[number - 1] for number in _numbered_anew(values, chance)]


def _initials(values: Sequence[Any], _: random.Random) -> list[Any]:
    return ["".join(word[0] for word in str(value).replace("-", " ").split()).upper() for value in values]


def _between(values: Sequence[Any], _: random.Random) -> list[Any]:
    return [f"x{value}x" for value in values]


def _after(values: Sequence[Any], _: random.Random) -> list[Any]:
    return [f"x{value}" for value in values]


def _first_digit(values: Sequence[Any], _: random.Random) -> list[Any]:
    return [str(value)[0] for value in values]


def _mostly(values: Sequence[Any], chance: random.Random) -> list[Any]:
    """As they are, but for one slip of the pen."""
    slipped, at = list(values), chance.randrange(len(values))
    slipped[at] = f"{slipped[at]}99"
    return slipped


OF_CODES: tuple[Manner, ...] = (_as_they_are, _as_they_are, _numbered_anew, _lettered, _after)
OF_WORDS: tuple[Manner, ...] = (_as_they_are, _as_they_are, _as_they_are, _initials, _between)
OF_NUMBERS: tuple[Manner, ...] = (_as_they_are, _as_they_are, _mostly, _after, _first_digit)

THINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "Member": (("ID", "code"), ("Name", "person"), ("City", "city"), ("Year", "year")),
    "Tool": (("ID", "code"), ("Name", "thing"), ("Maker", "maker"), ("Weight", "amount")),
    "Lesson": (("ID", "code"), ("Title", "words"), ("Room", "small"), ("Fee", "amount")),
    "Teacher": (("ID", "code"), ("Name", "person"), ("Phone", "phone"), ("Level", "level")),
    "Depot": (("ID", "code"), ("Street", "street"), ("City", "city"), ("Size", "amount")),
    "Order": (("Number", "code"), ("Kind", "level"), ("Total", "amount"), ("Placed", "day")),
}
ROWS = {"Loan": ("Member", "Tool"), "Class": ("Lesson", "Teacher"), "Stock": ("Depot", "Tool"), "Sale": ("Order", "Member")}  # fmt: skip


def _value(kind: str, place: int, base: int, chance: Chance) -> Any:
    made: dict[str, Any] = {
        "code": base + place,
        "person": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        "city": chance.choice(PLACES)[0],
        "year": chance.randint(1960, 2005),
        "thing": f"{chance.choice(WORDS).title()} {chance.choice(('Saw', 'Drill', 'Pump', 'Ladder'))}",
        "maker": chance.choice(("Alta", "Boreal", "Cima", "Delta")),
        "amount": chance.randint(2, 60) * 25,
        "words": chance.sentence(2).title(),
        "small": chance.randint(1, 30),
        "phone": f"{chance.digits(3)}-{chance.digits(4)}",
        "level": chance.choice(("A", "B", "C", "D")),
        "street": f"{chance.randint(1, 90)} {chance.choice(WORDS).title()} St",
        "day": chance.day(2024, 2024),
    }
    return made[kind]


def _short(name: str, chance: random.Random) -> str:
    """`MemberName` as `MName`, `MN` or `Name`."""
    words = [""]
    for letter in name:
        if letter.isupper() and words[-1] and not words[-1][-1].isupper():
            words.append("")
        words[-1] += letter
    last = words[-1]
    return chance.choice(
        (
            "".join(word[0] for word in words[:-1]) + last,
            "".join(word[0] if word != "ID" else word for word in words),
            last if len(words) > 1 else name,
            name,
            name,
        )
    )


TUNED, UNSEEN = range(1, 15), range(21, 41)


def scenarios(seeds: range) -> dict[str, tuple[Tables, Tables]]:
    """A table and its copy for each of these seeds."""
    return {f"a few rows {seed}": tiny(seed) for seed in seeds}


def tiny(seed: int) -> tuple[Tables, Tables]:
    """One table of five to eight rows, and its copy."""
    chance = Chance(seed)
    of, other = ROWS[chance.choice(sorted(ROWS))]
    rows = chance.randint(5, 8)
    held: list[tuple[str, str, list[Any]]] = []
    for number, thing in enumerate((of, other)):
        few = [
            [_value(kind, place, (number + 3) * 1000, chance) for _, kind in THINGS[thing]]
            for place in range(1, chance.randint(3, rows) + 1)
        ]
        drawn = [*range(len(few)), *(chance.randrange(len(few)) for _ in range(rows - len(few)))]
        for column, (name, kind) in enumerate(THINGS[thing]):
            held.append((thing + name, kind, [few[at][column] for at in drawn]))
    held = [one for one in held if chance.random() < 0.9]
    copied, taken = [], set()
    for name, kind, values in held:
        manners = {"code": OF_CODES, "day": OF_NUMBERS[:2], "phone": OF_NUMBERS[:4]}.get(kind, OF_WORDS)
        manners = OF_NUMBERS if kind in ("amount", "small", "year") else manners
        short = _short(name, chance) if chance.random() < 0.7 else name
        short = name if short in taken else short
        taken.add(short)
        copied.append(Cells(short, frozenset({name}), tuple(chance.choice(manners)(values, chance))))
    source = [Cells(name, frozenset({name}), tuple(values)) for name, _, values in held]
    return {"Records": source}, {"Copy": copied}
