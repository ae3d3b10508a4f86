"""Two copies proved equal, and twenty thousand rows all over the table found and mended.

The limit of a proof is one digest of one side, asked of the server by hand: a proof reads two, so 2 would be free of
cost. The limit of mending is the proof itself. The peer finds differences and mends nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from benchmarks.measuring import Tools
from benchmarks.store.citizens import COLUMNS, KEY, TABLE, change

if TYPE_CHECKING:
    from benchmarks.sync.bench import Bench

HERE = Path(__file__).parent
PEER = "reladiff 0.6.0, finds only"
SCATTERED = 0.01
TURNS = 3


def figures(tools: Tools, bench: Bench) -> list[dict[str, Any]]:
    """Both figures, on the source and the copy that the other figures have left behind."""
    from benchmarks.sync.bench import told

    sides = [bench.source, bench.targets["ours"], TABLE]
    own, peer = str(tools.own_program("python")), str(tools.peer_python("reladiff"))
    prove = [own, str(HERE / "prove.py"), *sides]
    scan = [own, str(HERE / "digest_scan.py"), bench.source, TABLE]
    fix = [own, str(HERE / "fix.py"), *sides]
    others = ",".join(name for name in COLUMNS if name != KEY)
    reladiff = [peer, str(HERE / "reladiff_run.py"), *sides, KEY, others]
    proofs: dict[str, list[tuple[float, float]]] = {"ours": [], "peer": [], "limit": []}
    for turn in range(TURNS):
        proofs["ours"].append(cost(bench, prove, {"equal": True}))
        proofs["limit"].append(cost(bench, scan))
        if turn == 0:
            proofs["peer"].append(cost(bench, reladiff, {"+": 0, "-": 0}))
    fixes: dict[str, list[tuple[float, float]]] = {"ours": [], "peer": [], "limit": proofs["ours"]}
    for turn in range(TURNS):
        with psycopg.connect(bench.source) as session:
            changed = change(session, share=SCATTERED, turn=50 + turn)
        for url in sides[:2]:
            with psycopg.connect(url, autocommit=True) as session:
                session.execute(b"VACUUM ANALYZE")
        if turn == 0:
            found = {"+": changed["updated"] + changed["inserted"], "-": changed["updated"]}
            fixes["peer"].append(cost(bench, reladiff, {"+": found["-"], "-": found["+"]}))
        fixes["ours"].append(cost(bench, fix, {"rung": "digests", "updated": changed["updated"]}))
        bench.require_equal()
    return [
        *told("prove equal", proofs, PEER, "one digest scan of one side"),
        *told("fix 20k scattered", fixes, PEER, "prove equal"),
    ]


def cost(bench: Bench, command: list[str], wanted: dict[str, Any] | None = None) -> tuple[float, float]:
    """Processor and wall seconds of a command; what it printed must hold what is wanted."""
    cpu, wall, answer = bench.server.cost(command)
    print(f"{Path(command[1]).stem}: {cpu:.2f} CPU s, {wall:.2f} s {answer.strip()[:160]}", flush=True)
    if wanted is not None and not wanted.items() <= json.loads(answer).items():
        raise SystemExit(f"{command[1]} told {answer}, not {wanted}")
    return cpu, wall
