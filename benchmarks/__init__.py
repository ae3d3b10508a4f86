"""Measurements beside others: ours, a peer and the raw limit, in one run. See README.md."""
