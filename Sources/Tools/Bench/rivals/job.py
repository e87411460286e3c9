"""What all rivals' scripts share: one process does one job, and says how long the job took without Python's start and imports.

usage: with_TOOL.py JOB FOLDER OUTPUT [--sqlite] [--threads N] [--level N] [--sorted]

JOB is lookups, bitemporal, windows or copy; FOLDER holds warehouse.sqlite, columns.json and parquet/; OUTPUT's ending names the compression.
"""
import argparse
import json
import pathlib
import time

parser = argparse.ArgumentParser()
parser.add_argument("job")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("output", type=pathlib.Path)
parser.add_argument("--sqlite", action="store_true", help="read warehouse.sqlite, not Parquet")
parser.add_argument("--threads", type=int, help="default: the tool's own")
parser.add_argument("--level", type=int, help="how hard to compress; default: the tool's own")
parser.add_argument("--sorted", action="store_true", help="rows in order of shipment_id; default: as they come")
asked = parser.parse_args()

warehouse = asked.folder / "warehouse.sqlite"
views = json.loads((asked.folder / "columns.json").read_text())["views"]
spine = ["shipment_id", "carrier_id", "event_time", "label"]
codec = {".zst": "zstd", ".gz": "gzip"}.get(asked.output.suffix)


def parquet(table):
    return asked.folder / "parquet" / f"{table}.parquet"


def measured(run, version):
    """Runs the job and tells the benchmark about it."""
    started = time.perf_counter()
    run()
    print(json.dumps({"seconds": time.perf_counter() - started, "version": version}))
