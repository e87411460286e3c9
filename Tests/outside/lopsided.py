#!/usr/bin/env python3
"""One entity with half of all rows, in more rows than the memory limit holds: the same segments and archives whatever may be used, within it.

usage: lopsided.py BINARY [ROWS]

Plain events, records with versions, and a module whose rows are only ever appended, often enough that its segments are put together; from
some time on an index tells which are new.
"""
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

import checks
from checks import check, equal

START = 1_700_000_000
PROJECT = "project: lopsided\nwarehouse: {sqlite: ../warehouse.sqlite}\n"
DEFINITIONS = """
entities: [{name: customer, key: customer}]
modules:
  - {name: events, relation: events, event_time: {column: at, unit: s}}
  - {name: versions, relation: versions, event_time: {column: at, unit: s}, known_time: {column: known, unit: s}, record_id: id}
  - name: readings
    relation: readings
    event_time: {column: at, unit: s}
    known_time: {column: at, unit: s}
    history: append
    lookback: 1h
  - {name: asked, relation: asked}
feature_views:
  - {name: plain, entity: customer, module: events, features: [amount, note, paid, {name: n, of: amount, aggregate: [count, sum], windows: [1h]}]}
  - {name: versioned, entity: customer, module: versions, features: [amount, note]}
  - {name: appended, entity: customer, module: readings, features: [amount, note, {name: n, of: amount, aggregate: count, windows: [1h]}]}
training_sets:
  - name: everything
    spine: {module: asked, as_of: {column: at, unit: s}, keep: id, order_by: id}
    features: [plain, versioned, appended]
"""
# What must not matter; the least is what --memory takes.
WAYS = [["--memory", "64M", "--threads", "1"], ["--memory", "64M", "--threads", "3"], ["--memory", "4G", "--threads", "2"]]
# MiB. The program itself and what reads the warehouse are more than 64; what there is to be read adds nothing.
MOST = 100
APPENDED = 10


def customers(draw, count):
    for _ in range(count):
        yield "the one with half of all rows" if draw.random() < 0.5 else f"c{draw.randrange(5_000)}"


def fill(database, rows):
    draw = random.Random(11)
    database.execute("create table events (customer text, at integer, amount real, note text, paid integer)")
    database.execute("create table versions (id integer, customer text, at integer, known integer, amount real, note text)")
    database.execute("create table readings (customer text, at integer, amount real, note text)")
    database.execute("create table asked (id integer, customer text, at integer)")
    notes = ["", None, "übermäßig", "a note of some length, as people write them"]
    # Several rows a second, so that equal times meet where rows are cut.
    database.executemany("insert into events values (?, ?, ?, ?, ?)", (
        (customer, START + i // 7, draw.choice([None, i % 100 / 4]), draw.choice(notes), i % 2)
        for i, customer in enumerate(customers(draw, 2 * rows))))
    database.executemany("insert into versions values (?, ?, ?, ?, ?, ?)", (
        (draw.randrange(rows // 6), customer, START + i // 5, START + i // 5 + draw.randrange(500), i % 50 / 8, draw.choice(notes))
        for i, customer in enumerate(customers(draw, rows // 2))))
    database.executemany("insert into asked values (?, ?, ?)", (
        (i, customer, START + draw.randrange(rows // 4)) for i, customer in enumerate(customers(draw, 2_000))))
    append(database, draw, 0, rows // 2)
    return draw


def append(database, draw, first, count):
    database.executemany("insert into readings values (?, ?, ?, ?)", (
        (customer, START + i // 9, i % 70 / 4, draw.choice(["", "x", None]))
        for i, customer in enumerate(customers(draw, count), first)))
    database.commit()


def run(binary, project, words):
    """Runs a command to its end. Returns its peak of memory in MiB, as the system counts it."""
    with open(os.devnull, "w") as nowhere, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen([binary, "-C", project, "--quiet", *words], stdout=nowhere, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        assert process.returncode == 0, errors.read()
    return usage.ru_maxrss / 1024


def segments(project):
    return sorted(path.name for path in (project / ".gangway" / "segments").iterdir())


def main(binary, rows="300000"):
    binary, rows = pathlib.Path(binary).resolve(), int(rows)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        database = sqlite3.connect(scratch / "warehouse.sqlite")
        draw = fill(database, rows)
        projects = [scratch / f"way {number}" for number in range(len(WAYS))]
        for project in projects:
            (project / "features").mkdir(parents=True)
            (project / "gangway.yml").write_text(PROJECT)
            (project / "features" / "all.yml").write_text(DEFINITIONS)

        def everywhere(*words):
            return [run(binary, project, [*way, *words]) for project, way in zip(projects, WAYS)]

        for peak, way in zip(everywhere("materialize"), WAYS[:2]):
            with check(f"reading with {' '.join(way)} takes {peak:.0f} MiB"):
                assert peak <= MOST
        with check("the segments are the same"):
            for project in projects[1:]:
                equal(segments(project), segments(projects[0]))
        count = rows // 2
        for time in range(APPENDED):
            if time == APPENDED // 2:
                database.execute("create index readings_at on readings (at)")
            append(database, draw, count, rows // 10)
            count += rows // 10
            everywhere("materialize", "appended")
        with check(f"they are after {APPENDED} times of appending"):
            for project in projects[1:]:
                equal(segments(project), segments(projects[0]))
        everywhere("export", "everything", "--out", "set.zip")
        with check("the archives are the same"):
            for project in projects[1:]:
                equal((project / "set.zip").read_bytes(), (projects[0] / "set.zip").read_bytes())
        with check("and what was appended is what reading everything gives"):
            run(binary, projects[0], ["export", "everything", "--fresh", "--out", "anew.zip"])
            equal((projects[0] / "anew.zip").read_bytes(), (projects[0] / "set.zip").read_bytes())
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
