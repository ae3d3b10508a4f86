"""A peer: MinHash LSH Ensemble over the same lake, given its signatures, at a containment of a half, as JSON."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from datasketch import LeanMinHash, MinHashLSHEnsemble

folder = Path(sys.argv[1])
signatures, sizes = np.load(folder / "signatures.npy"), np.load(folder / "sizes.npy").tolist()
truth = {(one, other): share for one, other, share in json.loads((folder / "truth.json").read_text())}
hashed = [LeanMinHash(seed=1, hashvalues=row, scheme="legacy") for row in signatures]

begun = time.process_time()
index = MinHashLSHEnsemble(threshold=0.5, num_perm=signatures.shape[1], num_part=16, m=8)
index.index((number, one, size) for number, (one, size) in enumerate(zip(hashed, sizes, strict=True)))
built = time.process_time() - begun
chosen = set()
for number, (one, size) in enumerate(zip(hashed, sizes, strict=True)):
    for other in index.query(one, size):
        if other != number and (size, number) <= (sizes[other], other):
            chosen.add((min(number, other), max(number, other)))
cpu = time.process_time() - begun

errors = []
for (one, other), share in truth.items():
    alike = float(np.mean(signatures[one] == signatures[other]))
    common = alike * (sizes[one] + sizes[other]) / (1 + alike)
    errors.append(abs(min(1.0, common / min(sizes[one], sizes[other])) - share))
sure = {pair for pair, share in truth.items() if share >= 0.55}
right = len(sure & chosen)
wrong = sum(truth.get(pair, 0.0) < 0.45 for pair in chosen)
near = {pair for pair, share in truth.items() if 0.45 <= share < 0.55}
over = {pair for pair in near if truth[pair] >= 0.5}
print(
    json.dumps(
        {
            "cpu": cpu,
            "built": built,
            "recall": right / len(sure),
            "precision": right / max(1, right + wrong),
            "band_recall": len(over & chosen) / max(1, len(over)),
            "band_precision": len(over & chosen) / max(1, len(near & chosen)),
            "error": float(np.mean(errors)),
            "bytes": signatures.shape[1] * 4,
        }
    )
)
