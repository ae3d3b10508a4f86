"""Notices: what a person or a unit should know; nothing is due from it (what is due is work)."""
