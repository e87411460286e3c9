"""Reads this archive's tables with pandas, every column in its own type.

    from load import load
    X, y, keep = load("train")                      # in the extracted folder
    X, y, keep = load("train", "set-….zip")         # from an archive: zip, tar.gz or tar.zst

X holds inputs and features, y the label (a Series; a DataFrame if there are several, None if there is none), keep all the rest: keys,
times, what travels along, statuses. Null is NA. The types come from datapackage.json. Needs pandas 2 or newer, and for a tar.zst
Python 3.14 or the package zstandard.
"""
import io
import json
import pathlib
import re
import sys
import tarfile
import zipfile

import pandas as pd

TYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "string"}


def load(part, archive=None):
    """One part of the data as (X, y, keep)."""
    table, fields = _table(part, archive)
    roles = {field["name"]: field["role"] for field in fields}
    X = table[[name for name, role in roles.items() if role in ("input", "feature")]]
    labels = [name for name, role in roles.items() if role == "label"]
    y = None if not labels else table[labels[0]] if len(labels) == 1 else table[labels]
    return X, y, table[[name for name, role in roles.items() if role not in ("input", "feature", "label")]]


def parts(archive=None):
    """The names of the parts: train, validation and test, or data."""
    return [resource["name"] for resource in _resources(archive)]


def frame(part, archive=None):
    """One part as a whole, columns in the file's order."""
    return _table(part, archive)[0]


def _table(part, archive):
    """One part, and what datapackage.json says of its columns."""
    resource = _resource(part, archive)
    fields = resource["schema"]["fields"]
    types = {field["name"]: field["type"] for field in fields}
    data = _read(resource["path"], archive)
    table = pd.read_csv(
        io.BytesIO(data), encoding="utf-8", keep_default_na=False, na_values=[""], skip_blank_lines=False,
        # A float64 as it was written, to the last bit: not every way to read one is exact.
        float_precision="round_trip", dtype={name: "float64" if type == "number" else TYPES.get(type, "string") for name, type in types.items()})
    _fill_empty_texts(table, data, [name for name, type in types.items() if type == "string"])
    for name, type in types.items():
        if type == "number":
            table[name] = table[name].astype("Float64")
        elif type in ("date", "datetime"):
            table[name] = _times(table[name], utc=type == "datetime")
    return table, fields


def _times(texts, utc):
    """Through numpy, which knows every year; pandas alone might count in nanoseconds and end in 2262."""
    texts = texts.astype(object).where(texts.notna(), "NaT").str.removesuffix("Z")
    times = pd.Series(texts.to_numpy(dtype="U26").astype("datetime64[us]"), index=texts.index, name=texts.name)
    return times.dt.tz_localize("UTC") if utc else times


def _fill_empty_texts(table, data, names):
    """pandas takes "" for null; here only a cell without quotes is."""
    columns = {place: name for place, name in enumerate(table.columns) if name in names}
    if not columns or b'""' not in data:
        return
    rows, column, row = {name: [] for name in names}, 0, -1
    for cell, end in re.findall(rb'("(?:[^"]|"")*"|[^,"\n]*)([,\n])', data):
        if cell == b'""' and row >= 0 and column in columns:
            rows[columns[column]].append(row)
        column, row = (0, row + 1) if end == b"\n" else (column + 1, row)
    for name, places in rows.items():
        table.loc[places, name] = ""


def _resources(archive):
    return json.loads(_read("datapackage.json", archive))["resources"]


def _resource(part, archive):
    resources = {resource["name"]: resource for resource in _resources(archive)}
    if part not in resources:
        raise ValueError(f"there is no part {part!r}; there is {', '.join(resources)}")
    return resources[part]


def _read(name, archive):
    """A member's bytes."""
    if archive is None:
        return (pathlib.Path(__file__).resolve().parent / name).read_bytes()
    archive = pathlib.Path(archive)
    if archive.is_dir():
        return (archive / name).read_bytes()
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            return packed.read(name)
    with _open_tar(archive) as packed:
        for member in packed:
            if member.name == name:
                return packed.extractfile(member).read()
    raise KeyError(f"{archive} has no member {name!r}")


def _open_tar(path):
    with open(path, "rb") as file:
        is_zstandard = file.read(4) == b"\x28\xb5\x2f\xfd"
    if not is_zstandard or sys.version_info >= (3, 14):
        return tarfile.open(path)
    try:
        import zstandard
    except ImportError:
        raise ImportError(f"{path.name} is a tar.zst, which this Python cannot open: use Python 3.14, or pip install zstandard, "
                          "or extract it (tar --zstd -xf)") from None
    return tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(open(path, "rb"), closefd=True), mode="r|")
