"""The benchmark's look-ups in pandas; usage as in job.py."""
from job import asked, codec, measured, parquet, spine, views, warehouse
import sqlite3
import pandas as pd


def read(table, columns):
    if asked.sqlite:
        return pd.read_sql(f"select {', '.join(columns)} from {table}", sqlite3.connect(warehouse))
    return pd.read_parquet(parquet(table), columns=columns)


def run():
    rows = read("spine", spine).sort_values("event_time")
    for view, columns in views.items():
        history = read(view, ["carrier_id", "event_time", *columns]).sort_values("event_time")
        rows = pd.merge_asof(
            rows, history.rename(columns={column: f"{view}__{column}" for column in columns}), on="event_time", by="carrier_id")
    rows.to_csv(asked.output, index=False, compression=codec)


measured(run, f"pandas {pd.__version__}")
