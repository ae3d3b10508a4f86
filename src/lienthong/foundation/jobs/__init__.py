"""Work that takes time: one row per job with progress, checkpoint and heartbeat; interrupted is not failed."""
