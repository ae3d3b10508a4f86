"""Liên Thông: manage, connect, share and open the digital data of state agencies."""

__version__ = "0.1.0"
