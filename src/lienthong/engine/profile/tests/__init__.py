"""Profiles are held against what SQL itself counts."""
