"""A peer: ydata-profiling in its minimal mode, the description alone without a page."""

import sys

import pandas as pd
from ydata_profiling import ProfileReport

frame = pd.read_parquet(sys.argv[1])
description = ProfileReport(frame, minimal=True, progress_bar=False).get_description()
print(len(description.variables))
