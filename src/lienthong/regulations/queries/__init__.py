"""Reads: which regulation covers which data, what is recorded for the gate, and what the gate finds."""

from __future__ import annotations

from .covering import (
    as_covering,
    covered_databases,
    databases_shown,
    regulations_applying,
    regulations_covering,
    rivals_of,
    run_out_on,
    version_under_way,
    versions_of,
)
from .documents import (
    Coverage,
    compare_columns,
    coverage_of,
    current_process,
    current_structure,
    described_fields,
    last_gate_run,
    structure_columns,
)
from .gate import GateResult, evaluate_gate

__all__ = [
    "Coverage",
    "GateResult",
    "as_covering",
    "compare_columns",
    "coverage_of",
    "covered_databases",
    "current_process",
    "current_structure",
    "databases_shown",
    "described_fields",
    "evaluate_gate",
    "last_gate_run",
    "regulations_applying",
    "regulations_covering",
    "rivals_of",
    "run_out_on",
    "structure_columns",
    "version_under_way",
    "versions_of",
]
