"""Open any database or file, look at it and read it: one contract, one module per kind.

`open_source` takes a path (CSV, TSV, XLSX, XLS, ODS, JSON, Parquet, SQLite, or a folder of files) or an address
(`sqlite:///PATH`, `postgresql://…`, `mysql://…`, `oracle://…`, `mssql://…`) and gives a `Source`. Sources are only ever read. How a table of a
file was read is its `Reading`; a `ReadingChoice` has it read otherwise.
"""

from lienthong.engine.session import Limits
from lienthong.engine.sources.address import Address, Secret, parse_address
from lienthong.engine.sources.choosing import choice_from, choices_from
from lienthong.engine.sources.contract import Source
from lienthong.engine.sources.opening import open_source
from lienthong.engine.sources.server import Measure

__all__ = [
    "Address",
    "Limits",
    "Measure",
    "Secret",
    "Source",
    "choice_from",
    "choices_from",
    "open_source",
    "parse_address",
]
