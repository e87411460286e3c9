#!/usr/bin/env python3
"""Opens exported archives with the readers that people have.

    python archives.py [--no-croissant] ARCHIVE.zip ARCHIVE.tar.gz ARCHIVE.tar.zst FOLDER
        the same training set in every format, each in a folder of its own; the last as plain files

--no-croissant is for values that mlcroissant cannot keep, whatever its document says: "NA" and "007" as texts, integers beyond 2^53 beside nulls.
"""
import json
import logging
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

import checks
from checks import check, equal

MEMBERS = ["datapackage.json", "croissant.json", "manifest.json", "README.md", "load.py", "SHA256SUMS"]


class Extracted:
    """An archive's members in a folder, and the rows of its tables."""

    def __init__(self, archive, folder):
        self.archive = pathlib.Path(archive)
        self.folder = self.archive if self.archive.is_dir() else pathlib.Path(folder)
        self.names = checks.extract(archive, folder)
        self.package = json.loads(self.text("datapackage.json"))
        self.resources = {resource["name"]: resource for resource in self.package["resources"]}
        self.rows = {
            name: checks.rows(self.text(resource["path"]), resource["schema"]["fields"]) for name, resource in self.resources.items()}
        self.plain_rows = {name: checks.without_empty_texts(rows) for name, rows in self.rows.items()}

    def text(self, name):
        return (self.folder / name).read_bytes().decode("utf-8")

    def fields(self, part):
        return self.resources[part]["schema"]["fields"]


def members(archive):
    with check(f"{archive.archive.name}: members in their order"):
        equal(archive.names, [resource["path"] for resource in archive.resources.values()] + MEMBERS)
    with check(f"{archive.archive.name}: sha256sum -c"):
        told = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=archive.folder, capture_output=True, text=True)
        equal((told.returncode, told.stdout.count(": OK\n")), (0, len(archive.names) - 1), told.stderr)
    with check(f"{archive.archive.name}: rows are as many as the manifest says, and there are some"):
        parts = {part["name"]: part["rows"] for part in json.loads(archive.text("manifest.json"))["parts"]}
        equal({name: len(rows) for name, rows in archive.rows.items()}, parts)
        assert sum(parts.values()) > 0


def data_card(archive):
    with check(f"{archive.archive.name}: the data card's share of nulls is that of the rows"):
        told = re.findall(r"\| (?:key|time|keep|input|feature|status|label) \| \w+ \| ([<>]? ?[\d.]+) % \|", archive.text("README.md"))
        names = [field["name"] for field in archive.fields(next(iter(archive.rows)))]
        rows = [row for part in archive.rows.values() for row in part]
        equal(len(told), len(names), "columns")
        for place, (name, text) in enumerate(zip(names, told)):
            share = 100 * sum(row[place] is None for row in rows) / len(rows)
            if text.startswith(("<", ">")):
                assert 0 < share < 0.1 or 99.9 < share < 100, (name, text, share)
            else:
                assert abs(float(text) - share) <= 0.0501, (name, text, share)


def frictionless_reads(path, archive, label):
    """Asserts what was checked: of an archive that it cannot read, frictionless says that one file is valid."""
    import frictionless
    with check(f"{label}: frictionless validates every table"):
        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["name", "type", "message"])
        equal([(task.name, task.type) for task in report.tasks], [(name, "table") for name in archive.resources])
        equal([task.stats["rows"] for task in report.tasks], [len(rows) for rows in archive.rows.values()], "rows")
        equal([task.stats["fields"] for task in report.tasks], [len(archive.fields(name)) for name in archive.resources], "fields")
    with check(f"{label}: frictionless reads every row as it is"):
        with frictionless.system.use_context(trusted=True):
            package = frictionless.Package(str(path))
            for resource in package.resources:
                names = [field["name"] for field in archive.fields(resource.name)]
                found = [[_number(row[name]) for name in names] for row in resource.read_rows()]
                equal(found, archive.plain_rows[resource.name], resource.name)


def _number(value):
    """frictionless reads numbers as decimals."""
    return float(value) if type(value).__name__ == "Decimal" else value


def croissant_loads(document, archive):
    import mlcroissant
    with check(f"{document.name}: mlcroissant loads every row as it is"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = mlcroissant.Dataset(jsonld=str(document))
            sets = [record_set.id for record_set in dataset.metadata.record_sets]
            equal([name for name in sets if name != "splits"], list(archive.resources))
            for part, wanted in archive.plain_rows.items():
                constant = [f"{part}/split"] if "splits" in sets else []
                names = [f"{part}/{field['name']}" for field in archive.fields(part)] + constant
                found = [[_croissant_value(record[name]) for name in names] for record in dataset.records(part)]
                equal(found, [row + [part] * len(constant) for row in wanted], part)


def _croissant_value(value):
    import pandas
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if pandas.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pandas.Timestamp) else value


PANDAS_TYPES = {
    "integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "string", "date": "datetime64[us]", "datetime": "datetime64[us, UTC]"}

LOADED = """
import json, sys
from load import frame, load, parts
where = sys.argv[1:] or [None]
told = {}
for part in parts(*where):
    table, (X, y, keep) = frame(part, *where), load(part, *where)
    told[part] = {
        "types": {name: str(type) for name, type in table.dtypes.items()},
        "X": list(X), "y": [y.name] if y is not None and y.ndim == 1 else [] if y is None else list(y), "keep": list(keep),
        "rows": [[None if value is pd.NA or value is pd.NaT else value for value in row] for row in table.astype(object).values.tolist()],
    }
json.dump(told, sys.stdout, default=str)
""".replace("import json, sys", "import json, sys\nimport pandas as pd")


def load_py_loads(folder, archive, *where):
    with check(f"{where[0].name if where else archive.archive.name + ' extracted'}: load.py gives every row, typed, in its role"):
        told = subprocess.run(
            [sys.executable, "-c", LOADED, *map(str, where)], cwd=folder, capture_output=True, text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        equal(told.returncode, 0, told.stderr)
        told = json.loads(told.stdout)
        equal(list(told), list(archive.resources))
        for part, found in told.items():
            fields = archive.fields(part)
            equal(found["types"], {field["name"]: PANDAS_TYPES[field["type"]] for field in fields})
            for key, roles in {"X": ("input", "feature"), "y": ("label",), "keep": ("key", "time", "keep", "status")}.items():
                equal(found[key], [field["name"] for field in fields if field["role"] in roles], key)
            equal(found["rows"], [[_as_told(value) for value in row] for row in archive.rows[part]], part)


def _as_told(value):
    import datetime as dt
    if isinstance(value, dt.datetime):
        return str(value)
    return f"{value} 00:00:00" if isinstance(value, dt.date) else value


def notebook_runs(archive):
    import nbclient
    import nbformat
    folder = archive.archive.parent
    notebooks = sorted(folder.glob("*.ipynb"))
    with check(f"{archive.archive.name}: its notebook is valid and runs"):
        equal(len(notebooks), 1)
        notebook = nbformat.read(notebooks[0], as_version=4)
        nbformat.validate(notebook)
        nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        equal([output for output in outputs if output.output_type == "error"], [])
        equal(outputs[0].text.strip(), archive.archive.name, "the archive opened")


def duckdb_reads(archive):
    import duckdb
    types = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMPTZ"}
    with check(f"{archive.archive.name}: DuckDB reads every row as it is"):
        with duckdb.connect() as database:
            database.execute("set timezone = 'UTC'")
            for part, resource in archive.resources.items():
                columns = {field["name"]: types[field["type"]] for field in archive.fields(part)}
                path = str(archive.folder / resource["path"])
                found = database.execute("select * from read_csv(?, header = true, columns = ?)", [path, columns]).fetchall()
                equal([list(row) for row in found], archive.plain_rows[part], part)
                # And without being told the types: as many rows, all columns.
                guessed = database.execute("select * from read_csv(?)", [path])
                equal(([column[0] for column in guessed.description], len(guessed.fetchall())), (list(columns), len(archive.rows[part])))


def polars_reads(archive):
    import polars
    types = {
        "integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean, "string": polars.String, "date": polars.Date,
        "datetime": polars.Datetime("us", "UTC")}
    with check(f"{archive.archive.name}: polars reads every row as it is"):
        for part, resource in archive.resources.items():
            fields = archive.fields(part)
            texts = {field["name"]: polars.String if field["type"] in ("date", "datetime") else types[field["type"]] for field in fields}
            table = polars.read_csv(archive.folder / resource["path"], schema=texts).with_columns(
                polars.col(field["name"]).str.strptime(types[field["type"]], "%Y-%m-%d" if field["type"] == "date" else "%Y-%m-%dT%H:%M:%S%.fZ")
                for field in fields if field["type"] in ("date", "datetime"))
            equal([list(row) for row in table.rows()], archive.rows[part], part)


def main(archives):
    # What our documents leave out on purpose (dates, licences) is only recommended.
    logging.disable(logging.WARNING)
    with_croissant = "--no-croissant" not in archives
    archives = [path for path in archives if path != "--no-croissant"]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HOME"] = scratch            # caches go there, mlcroissant's among them: it finds an archive again by its name alone
        opened = []
        for number, path in enumerate(map(pathlib.Path, archives)):
            archive = Extracted(path, pathlib.Path(scratch) / f"extracted-{number}")
            opened.append(archive)
            members(archive)
            data_card(archive)
            frictionless_reads(archive.folder / "datapackage.json", archive, f"{path.name} extracted")
            load_py_loads(archive.folder, archive)
            # On the archive, from a folder that holds nothing else.
            alone = pathlib.Path(scratch) / f"alone-{number}"
            alone.mkdir()
            shutil.copy(archive.folder / "load.py", alone)
            load_py_loads(alone, archive, path.resolve())
            if with_croissant and not path.name.endswith(".tar.zst"):
                inside, beside = path / "croissant.json", path.with_name(path.name + ".croissant.json")
                equal(beside.exists(), not path.is_dir(), "a description of its own beside it")
                croissant_loads(inside if path.is_dir() else beside, archive)
            notebook_runs(archive)
        with check("members are the same in all formats"):
            for archive in opened[1:]:
                for name in opened[0].names:
                    equal((archive.folder / name).read_bytes(), (opened[0].folder / name).read_bytes(), name)
        for archive in opened[:1]:
            frictionless_reads(archive.archive, archive, archive.archive.name)
            if with_croissant:
                croissant_loads(archive.folder / "croissant.json", archive)
        # What was extracted, and what never was packed.
        for archive in opened[:1] + [archive for archive in opened if archive.archive.is_dir()]:
            duckdb_reads(archive)
            polars_reads(archive)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(sys.argv[1:]))
