"""The peer: dlt from PostgreSQL into PostgreSQL, first as a full load, then by its cursor with an upsert (no deletes)."""

import os
import sys

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"

import dlt
from dlt.sources.sql_database import sql_table

source, target, table, backend, folder, kind = sys.argv[1:7]
resource = sql_table(
    credentials=source.replace("postgresql://", "postgresql+psycopg2://")
    if backend != "connectorx"
    else source,
    table=table,
    schema="public",
    backend=backend,
    chunk_size=100_000,
    incremental=dlt.sources.incremental("sua_luc"),
    reflection_level="full_with_precision",
    **({"backend_kwargs": {"return_type": "arrow", "protocol": "binary"}} if backend == "connectorx" else {}),
)
resource.apply_hints(primary_key="so_thu_tu")
pipeline = dlt.pipeline(
    f"bench_{backend}",
    pipelines_dir=folder,
    destination=dlt.destinations.postgres(target),
    dataset_name="peer",
)
disposition = "append" if kind == "initial" else {"disposition": "merge", "strategy": "upsert"}
info = pipeline.run(
    resource, write_disposition=disposition, loader_file_format="csv" if kind == "initial" else None
)
info.raise_on_failed_jobs()
print(pipeline.last_trace.last_normalize_info.row_counts.get(table))
