"""Copies warehouse.sqlite to Parquet, batch by batch, for the rivals that would keep their history so. Not timed.

usage: to_parquet.py FOLDER
"""
import json
import pathlib
import sys

import adbc_driver_sqlite.dbapi as sqlite
import pyarrow as arrow
import pyarrow.parquet

folder = pathlib.Path(sys.argv[1])
views = json.loads((folder / "columns.json").read_text())["views"]
(folder / "parquet").mkdir(exist_ok=True)
BATCH = 122_880                                     # rows of a row group: DuckDB's own choice

with sqlite.connect(str(folder / "warehouse.sqlite")) as warehouse:
    for table in [*views, "spine"]:
        file = folder / "parquet" / f"{table}.parquet"
        if file.exists():
            continue
        aside = file.with_suffix(".part")
        with warehouse.cursor(adbc_stmt_kwargs={"adbc.sqlite.query.batch_rows": str(BATCH)}) as cursor:
            cursor.execute(f"select * from {table}")
            batches = cursor.fetch_record_batch()
            with arrow.parquet.ParquetWriter(aside, batches.schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
        aside.rename(file)
