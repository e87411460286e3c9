#!/usr/bin/env python3
"""Opens a store's segments with the readers that people have.

    python segments.py FOLDER      the folder of *.arrow files
"""
import pathlib
import sys

import pandas
import polars
import pyarrow.ipc

import checks
from checks import check, equal

# What a segment's column may be, and no dictionary, no view, no run.
TYPES = {"int64", "double", "bool", "string", "date32[day]", "timestamp[us, tz=UTC]"}


def main(folder):
    paths = sorted(pathlib.Path(folder).glob("*.arrow"))
    with check(f"{folder}: there are segments"):
        assert paths
    for path in paths:
        table = None
        with check(f"{path.name[:12]}: pyarrow opens it and finds it valid"):
            with pyarrow.memory_map(str(path)) as file:
                reader = pyarrow.ipc.open_file(file)
                for number in range(reader.num_record_batches):
                    reader.get_batch(number).validate(full=True)
                table = reader.read_all()
            table.validate(full=True)
            equal({str(field.type) for field in table.schema} - TYPES, set(), "types")
            wanted = table.to_pydict()
        if table is None:
            continue
        with check(f"{path.name[:12]}: polars reads the same {table.num_rows} rows"):
            equal(polars.read_ipc(path).to_dict(as_series=False), wanted)
        with check(f"{path.name[:12]}: pandas reads the same {table.num_rows} rows"):
            frame = pandas.read_feather(path, dtype_backend="pyarrow")
            equal(list(frame), list(wanted))
            for name in frame:
                equal([None if value is pandas.NA or value is pandas.NaT else value for value in frame[name].tolist()], wanted[name], name)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(sys.argv[1]))
