"""A lake of columns from a fixed seed, of which every containment is known exactly, as sets of keyed hashes.

Sizes are log-uniform from 20 to 200,000. Columns come in families of six: the largest is the register; every other
holds a uniformly drawn share of its own values in common with the register, an arc of it, so that two copies of a
register share what their arcs share. In the lake that counts, sizes within a family lie within a factor of 100 of one
another, as a register and the copies of its parts do; in the wide one they are independent, so that most pairs are a
handful of values against a huge column, of which no sketch of 2 kB can tell.

A keyed hash is a number drawn evenly, which is why the hashes are drawn here rather than the values: the sketches are
given. (Only those hashes are drawn that can come into a sketch, where `thin` is asked for.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lienthong.engine.overlap.packing import leading
from lienthong.engine.overlap.shapes import ValueSet
from lienthong.engine.overlap.sketching import Plan

LEAST, MOST = 20, 200_000
FAMILY = 6
WITHIN = 100.0
SEED = 20_260_701

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Member:
    """A column: how many values, how many of them from the register, and where in it their arc begins."""

    size: int
    shared: int
    begin: int


@dataclass(frozen=True, slots=True)
class Family:
    """A register, which is the first member, and the columns that hold a part of it."""

    members: tuple[Member, ...]

    def common(self, one: int, other: int) -> int:
        """How many values two members have in common."""
        register, left, right = self.members[0].size, self.members[one], self.members[other]
        total = 0
        for shift in (-register, 0, register):
            begin = max(left.begin, right.begin + shift)
            total += max(0, min(left.begin + left.shared, right.begin + shift + right.shared) - begin)
        return total


def families(columns: int, *, wide: bool = False, seed: int = SEED) -> list[Family]:
    """The families of a lake of so many columns."""
    chance = np.random.default_rng(seed)
    low, high = np.log(LEAST), np.log(MOST)
    made = []
    for _ in range(columns // FAMILY):
        if wide:
            sizes = chance.uniform(low, high, FAMILY)
        else:
            # Turned back at the ends, so that the sizes of all columns stay log-uniform.
            sizes = chance.uniform(low, high) + chance.uniform(
                -np.log(WITHIN) / 2, np.log(WITHIN) / 2, FAMILY
            )
            sizes = np.where(sizes < low, 2 * low - sizes, np.where(sizes > high, 2 * high - sizes, sizes))
        whole = sorted((round(float(size)) for size in np.exp(sizes)), reverse=True)
        shares = chance.uniform(0, 1, FAMILY)
        begins = chance.uniform(0, 1, FAMILY)
        members = [Member(whole[0], whole[0], 0)]
        for size, share, begin in zip(whole[1:], shares[1:], begins[1:], strict=True):
            members.append(Member(size, round(share * size), int(begin * whole[0])))
        made.append(Family(tuple(members)))
    return made


def values_of(family: Family, chance: np.random.Generator) -> list[Hashes]:
    """The hashes of every value of every member, in no order."""
    register = chance.integers(0, 2**64, family.members[0].size, dtype=np.uint64)
    made = [register]
    for member in family.members[1:]:
        places = (member.begin + np.arange(member.shared)) % len(register)
        fresh = chance.integers(0, 2**64, member.size - member.shared, dtype=np.uint64)
        made.append(np.concatenate((register[places], fresh)))
    return made


def sketch(hashes: Hashes, plan: Plan) -> ValueSet:
    """The sketch of a column of these values."""
    kept = hashes
    if len(hashes) > plan.complete:
        kept = np.partition(hashes, plan.k)[: plan.k]
    return ValueSet(leading(np.sort(kept), plan.bits), len(hashes), len(hashes) <= plan.complete, plan.bits)


def thin(family: Family, plan: Plan, chance: np.random.Generator) -> list[ValueSet]:
    """The sketches of a family, drawing only hashes that may come into one of them."""
    smallest = min(member.size for member in family.members)
    part = min(1.0, 1.4 * plan.k / smallest) if smallest > plan.complete else 1.0
    top = min(2**64 - 1, int(part * 2**64))
    register = chance.integers(
        0, top, chance.binomial(family.members[0].size, part), dtype=np.uint64, endpoint=True
    )
    made = []
    for member in family.members:
        begin = int(member.begin / family.members[0].size * len(register))
        shared = min(len(register), round(member.shared / family.members[0].size * len(register)))
        fresh = chance.binomial(member.size - member.shared, part)
        places = (begin + np.arange(shared)) % len(register)
        hashes = np.concatenate(
            (register[places], chance.integers(0, top, fresh, dtype=np.uint64, endpoint=True))
        )
        if member.size > plan.complete and len(hashes) > plan.k:
            hashes = np.partition(hashes, plan.k)[: plan.k]
        complete = member.size <= plan.complete
        made.append(ValueSet(leading(np.sort(hashes), plan.bits), member.size, complete, plan.bits))
    return made
