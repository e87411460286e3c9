#!/usr/bin/env python3
"""Rows to score, opened with pandas: the training set's columns in their types without its labels, and in every row what it has there.

usage: scoring.py BINARY PROJECT SET    (the project was built; what is exported goes to a temporary folder)
"""
import csv
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

import checks
from checks import check, equal


def export(binary, project, name, out, *words):
    subprocess.run([binary, "-C", project, "--quiet", "export", name, "--out", out, *words], check=True, stdout=subprocess.DEVNULL)
    checks.extract(out, out.with_suffix(""))
    return out.with_suffix("")


def opened(folder):
    """All parts as one table, X and y of the last part, and what the package says of the columns."""
    import pandas as pd
    spec = importlib.util.spec_from_file_location(f"load_{folder.name}", folder / "load.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    parts = module.parts()
    X, y, _ = module.load(parts[-1])
    fields = json.loads((folder / "datapackage.json").read_text())["resources"][0]["schema"]["fields"]
    return pd.concat([module.frame(part) for part in parts], ignore_index=True), X, y, {field["name"]: field["role"] for field in fields}


def cells(folder):
    """The rows of all parts as they are written, by column."""
    parts = [resource["path"] for resource in json.loads((folder / "datapackage.json").read_text())["resources"]]
    return [row for part in parts for row in csv.DictReader((folder / part).read_text().splitlines())]


def ask(rows, columns, path):
    """Some rows as somebody would ask them: without label, features and decision time."""
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def main(binary, project, name):
    sys.dont_write_bytecode = True
    binary, project = pathlib.Path(binary).resolve(), pathlib.Path(project)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        trained = export(binary, project, name, scratch / "trained.zip")
        scored = export(binary, project, name, scratch / "scored.zip", "--for", "scoring")
        table, X, _, roles = opened(trained)
        labels = [column for column, role in roles.items() if role == "label"]
        with check(f"{name}: the training set's columns, in their types, without its labels"):
            found, found_X, y, found_roles = opened(scored)
            equal(list(found), [column for column in table if column not in labels])
            equal(found.dtypes.to_dict(), table.drop(columns=labels).dtypes.to_dict())
            equal(found_roles, {column: role for column, role in roles.items() if role != "label"})
            equal((list(found_X), y), (list(X), None), "what a model gets")
        with check(f"{name}: its manifest says what it is for"):
            manifest = json.loads((scored / "manifest.json").read_text())
            equal((manifest["purpose"], manifest["labels"], [part["name"] for part in manifest["parts"]]), ("scoring", [], ["data"]))
        rows = cells(trained)
        kept = [column for column, role in roles.items() if role in ("key", "time", "keep", "input")]
        without = [{column: value for column, value in row.items() if column not in labels} for row in rows]
        with check(f"{name}: a row to score that the training set has, too, is the same there, cell by cell"):
            known = {tuple(row[column] for column in kept): row for row in cells(scored)}
            both = [(known[key], row) for row in without if (key := tuple(row[column] for column in kept)) in known]
            assert both, "no row is in both"
            for found, wanted in both:
                equal(found, wanted)
        time = next(column for column, role in roles.items() if role == "time")
        with check(f"{name}: rows of a file that are asked at one time are as the training set has them at that time"):
            moments = sorted({row[time] for row in rows})
            for moment in (moments[len(moments) // 3], moments[-1]):
                wanted = [row for row in without if row[time] == moment]
                ask(wanted, [column for column in kept if column != time], scratch / "ask.csv")
                export(binary, project, name, scratch / "asked.zip", "--for", "scoring", "--spine", scratch / "ask.csv", "--as-of", moment)
                equal(sorted(map(str, cells(scratch / "asked"))), sorted(map(str, wanted)), moment)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
