"""Compares answers cell by cell: the first one, which is ours, with each of the others.

usage: compare.py [--rows-may-lack] OURS OTHER...

An answer is a CSV file (plain, .gz, .zst), an archive with a member data.csv (.zip, .tar.gz, .tar.zst), or a folder that holds data.csv.
Columns may stand in any order, and so may the rows of others, which are matched by shipment_id; ours must be sorted by it.
Values must be equal, nulls included; sums and means to 1e-9 of their size, as a rival adds in whatever order it likes.
With --rows-may-lack the rows that another does have must be equal, and the line says how many there are.
Prints a line for each of the others, "same" first if it is; exits with 1 if any differs.
"""
import gzip
import io
import pathlib
import sys
import tarfile
import zipfile

import polars as pl
import zstandard


def data(path):
    name, member = path.name, "data.csv"
    if path.is_dir():
        return (path / member).read_bytes()
    if name.endswith(".zip"):
        return zipfile.ZipFile(path).read(member)
    raw = path.read_bytes()
    if name.endswith(".zst"):
        raw = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True).read()
    elif name.endswith(".gz"):
        raw = gzip.decompress(raw)
    return tarfile.open(fileobj=io.BytesIO(raw)).extractfile(member).read() if ".tar" in name else raw


def table(path):
    rows = pl.read_csv(data(path), infer_schema=False)
    if rows["event_time"].str.contains("T").any():
        rows = rows.with_columns(pl.col("event_time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ").dt.epoch("s").cast(pl.String))
    return rows.with_columns(pl.col("shipment_id").cast(pl.Int64))


def different(ours, theirs, name):
    """Which rows of a column are not equal. Texts that differ may still say the same number (1e3, 1000.0)."""
    cells = pl.DataFrame({"a": ours, "b": theirs}).with_row_index().filter(~pl.col("a").eq_missing(pl.col("b")))
    numbers = cells.with_columns(pl.col("a", "b").cast(pl.Float64, strict=False))
    near = 1e-9 if "_sum_" in name or "_mean_" in name else 0
    equal = ((pl.col("a") - pl.col("b")).abs() <= near * pl.col("a").abs()).fill_null(False)
    return numbers.filter(~equal)["index"]


def verdict(ours, theirs, rows_may_lack):
    if set(ours.columns) != set(theirs.columns):
        return f"columns differ: {sorted(set(ours.columns) ^ set(theirs.columns))[:5]}"
    words = "same"
    if rows_may_lack and theirs.height < ours.height:
        words = f"same in the {theirs.height} of {ours.height} rows that it has"
        ours = ours.filter(pl.col("shipment_id").is_in(theirs["shipment_id"].implode()))
    if ours.height != theirs.height:
        return f"{ours.height} rows here, {theirs.height} there"
    theirs = theirs.sort("shipment_id")
    for name in ours.columns:
        if len(rows := different(ours[name], theirs[name], name)):
            row = rows[0]
            return (f"{name} differs in {len(rows)} rows, first at shipment {ours['shipment_id'][row]}: "
                    f"{ours[name][row]} here, {theirs[name][row]} there")
    return words


def main(first, *others, rows_may_lack):
    ours = table(first)
    verdicts = [verdict(ours, table(other), rows_may_lack) for other in others]
    if not ours["shipment_id"].is_sorted():
        verdicts = ["our rows are not in order"] * len(others)
    print("\n".join(verdicts))
    return not all(words.startswith("same") for words in verdicts)


words = [word for word in sys.argv[1:] if word != "--rows-may-lack"]
sys.exit(main(*map(pathlib.Path, words), rows_may_lack="--rows-may-lack" in sys.argv))
