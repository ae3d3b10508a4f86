"""What a stored finding is replayed with: a name of its method that changes with whatever it weighs."""

import hashlib
import json
from dataclasses import asdict

from lienthong.engine.overlap.shapes import METHOD
from lienthong.engine.overlap.weights import weights

# The weights of every method that was shipped. Other weights are another method, and another line; so are other signals.
SHIPPED = {
    "overlap-3": "892f23d873b2f33b",
    "overlap-4": "892f23d873b2f33b",
    "overlap-5": "892f23d873b2f33b",
    "overlap-6": "c4a7054dcb7f528e",
}


def test_other_weights_are_another_method():
    told = asdict(weights())

    assert told.pop("method") == METHOD
    assert hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16] == SHIPPED[METHOD]
