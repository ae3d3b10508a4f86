"""Open any database or file, look at it and read it: one contract, one module per kind.

`open_source` takes a path (CSV, TSV, Parquet, XLSX, SQLite, or a folder of files) or an address
(`sqlite:///PATH`, `postgresql://…`, `mysql://…`) and gives a `Source`. Sources are only ever read.
"""

from lienthong.engine.session import Limits
from lienthong.engine.sources.address import Address, Secret, parse_address
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.opening import open_source

__all__ = ["Address", "Limits", "Secret", "Source", "open_source", "parse_address"]
