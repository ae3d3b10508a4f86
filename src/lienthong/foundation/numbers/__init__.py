"""Case numbers that can be read out on the telephone: YC-2026-0147."""
