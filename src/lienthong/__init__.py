"""Liên Thông."""
