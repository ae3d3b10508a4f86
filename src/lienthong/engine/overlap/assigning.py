"""One partner for each column: the assignment of the rows of a small matrix to its columns with the greatest sum."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def best_pairs(gains: Matrix) -> list[tuple[int, int]]:
    """The pairs (row, column) of the assignment with the greatest sum of gains; pairs that gain nothing are left out.

    Shortest augmenting paths, O(rows² · columns): two columns that both fit one partner are weighed against what is left
    for the other.
    """
    rows, columns = gains.shape
    if not rows or not columns:
        return []
    if rows > columns:
        return sorted((row, column) for column, row in best_pairs(gains.T))
    costs = -np.maximum(gains, 0.0)
    # The one-based potentials and partners of the usual formulation; column 0 is where a path starts.
    row_potential, column_potential = np.zeros(rows + 1), np.zeros(columns + 1)
    partner = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        partner[0] = row
        least, before = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=np.int64)
        used = np.zeros(columns + 1, dtype=bool)
        here = 0
        while partner[here]:
            used[here] = True
            at = partner[here]
            slack = costs[at - 1] - row_potential[at] - column_potential[1:]
            better = ~used[1:] & (slack < least[1:])
            least[1:][better] = slack[better]
            before[1:][better] = here
            free = np.where(used, np.inf, least)
            there = int(np.argmin(free))
            step = free[there]
            row_potential[partner[used]] += step
            column_potential[used] -= step
            least[~used] -= step
            here = there
        while here:
            partner[here] = partner[before[here]]
            here = int(before[here])
    chosen = ((int(partner[column]) - 1, column - 1) for column in range(1, columns + 1) if partner[column])
    return sorted((row, column) for row, column in chosen if gains[row, column] > 0)
