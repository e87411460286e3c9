#!/usr/bin/env python3
"""The notebook that closes the loop runs from its first cell to its last, and leaves what it says.

usage: notebook.py BINARY PROJECT NOTEBOOK     (the sample project with its raw tables; all is done in a copy)
"""
import csv
import os
import pathlib
import sys
import tempfile

import checks
import nbclient
import nbformat
from checks import check, equal
from project import Project


def main(binary, original, path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    with check("the notebook is valid, and nothing that ran is stored in it"):
        nbformat.validate(notebook)
        equal([cell.id for cell in cells if cell.outputs or cell.execution_count is not None], [])
    with tempfile.TemporaryDirectory() as scratch:
        project = Project(binary, original, pathlib.Path(scratch) / "project")
        folder = project.folder / "notebooks-export"
        folder.mkdir()
        os.environ["GANGWAY"] = str(project.binary)
        client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
        with check("it runs"):
            try:
                client.execute()
            except nbclient.exceptions.CellExecutionError as error:
                raise AssertionError(f"{error.ename}: {error.evalue}") from None
        with check("its predictions are what the output and the mart show, all of one version"):
            with open(folder / "close_the_loop" / "predictions.csv", newline="", encoding="utf-8") as file:
                wanted = {(int(row["shipment_id"]), float(row["expected_minutes_late"]), row["risk"]) for row in csv.DictReader(file)}
            for relation in ("eta_prediction", "mart_shipment"):
                query = f"select shipment_id, expected_minutes_late, risk from {relation} where expected_minutes_late is not null"
                equal(set(project.rows(query)), wanted, relation)
            equal(len(project.rows("select distinct model_version from eta_prediction")), 1)
        with check("its model is better than guessing"):
            off = text(cells, "train")
            model, guess = (float(next(line.split()[1] for line in off.splitlines() if line.startswith(name))) for name in ("model", "guess"))
            assert model < guess, off
        with check("it shows predictions beside what became of the shipments and what they cost"):
            shown = text(cells, "read-mart")
            assert shown.count("boosting-") == 5 and "NaN" not in shown.split("settled_eur")[0], shown
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def text(cells, name):
    """What a cell shows in the end, as text."""
    cell = next(cell for cell in cells if cell.id == name)
    return cell.outputs[-1].data["text/plain"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
