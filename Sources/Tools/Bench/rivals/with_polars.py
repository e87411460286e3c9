"""The benchmark's jobs in Polars; usage as in job.py."""
from job import asked, codec, measured, parquet, spine, views, warehouse
import os
if asked.threads:
    os.environ["POLARS_MAX_THREADS"] = str(asked.threads)
import polars as pl
if asked.sqlite:
    import adbc_driver_sqlite


def read(table, columns):
    if asked.sqlite:
        query = f"select {', '.join(columns)} from {table}"
        return pl.read_database_uri(query, f"sqlite:///{warehouse}", engine="adbc").lazy()
    return pl.scan_parquet(parquet(table)).select(columns)


def lookups():
    rows = read("spine", spine).sort("event_time")
    for view, columns in views.items():
        history = read(view, ["carrier_id", "event_time", *columns]).sort("event_time")
        rows = rows.join_asof(history.rename({column: f"{view}__{column}" for column in columns}), on="event_time", by="carrier_id")
    return rows


def bitemporal():
    """As in with_duckdb.py: which event was the newest known, from when on; then its values."""
    columns = views["accounting"]
    history = read("accounting", ["carrier_id", "event_time", "available_at", *columns])
    newest = history.sort("available_at").select(
        "carrier_id", "available_at", newest_event=pl.col("event_time").cum_max().over("carrier_id"))
    values = history.select(
        "carrier_id", pl.col("event_time").alias("newest_event"),
        *[pl.col(column).alias(f"accounting_known__{column}") for column in columns])
    rows = read("spine", spine).sort("event_time")
    rows = rows.join_asof(newest, left_on="event_time", right_on="available_at", by="carrier_id")
    return rows.join(values, on=["carrier_id", "newest_event"], how="left").drop("available_at", "newest_event")


def run():
    if asked.job == "copy":
        asked.output.mkdir(exist_ok=True)
        for view, columns in views.items():
            read(view, ["carrier_id", "event_time", "available_at", *columns]).collect().write_parquet(asked.output / f"{view}.parquet")
        return
    rows = {"lookups": lookups, "bitemporal": bitemporal}[asked.job]()
    rows = (rows.sort("shipment_id") if asked.sorted else rows).collect()
    rows.write_csv(asked.output, compression=codec or "uncompressed", compression_level=asked.level)


measured(run, f"Polars {pl.__version__}")
