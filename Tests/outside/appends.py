#!/usr/bin/env python3
"""A module whose rows are only ever appended, materialized after each batch of rows, gives what reading everything gives.

usage: appends.py BINARY [SEED…]

Rows come late (within the lookback), correct and delete each other, are doubled, tied and dated in the future; after each round the
training set of a store that only ever appended is compared, byte by byte, with that of a fresh store. Now and then what the store noted of
its newest rows is gone, or the lookback has become longer than what was noted for.
"""
import contextlib
import datetime as dt
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

import checks
from checks import check, equal

DAY = 86_400
START = 1_700_000_000
LOOKBACK = "history: append, lookback: 3d, "
PROJECT = "project: appends\nwarehouse: {sqlite: warehouse.sqlite}\n"
DEFINITIONS = """
entities: [{name: machine, key: machine}]
modules:
  - {name: readings, relation: readings, event_time: {column: at, unit: s}, known_time: KNOWN, RECORDS APPEND on_null_time: skip}
  - {name: asked, relation: asked}
feature_views:
  - name: heat
    entity: machine
    module: readings
    where: "heat is null or heat < 90"
    features: [heat, note, {name: heat, aggregate: [sum, count, min, last], windows: [5d, lifetime]}]
training_sets:
  - name: heats
    spine: {module: asked, as_of: {column: at, unit: s}, keep: id, order_by: id}
    features: [heat]
"""


class World:
    def __init__(self, binary, folder, seed):
        self.binary, self.draw = binary, random.Random(seed)
        self.appended, self.fresh = folder / "appended", folder / "fresh"
        self.is_text = seed % 2 == 0
        known = "known" if self.is_text else "{column: known, unit: s}"
        records = "record_id: id, deleted: gone," if self.draw.random() < 0.7 else ""
        for project, history in ((self.appended, LOOKBACK), (self.fresh, "")):
            (project / "features").mkdir(parents=True)
            (project / "gangway.yml").write_text(PROJECT)
            (project / "features" / "all.yml").write_text(DEFINITIONS.replace("KNOWN", known).replace("RECORDS", records).replace("APPEND", history))
        self.database = sqlite3.connect(self.appended / "warehouse.sqlite")
        self.database.execute("create table readings (at integer, known, id integer, gone integer, machine integer, heat real, note text)")
        self.database.execute("create table asked (id integer, at integer, machine integer)")
        for i in range(60):
            self.database.execute("insert into asked values (?, ?, ?)", (i, START - 30 * DAY + self.draw.randrange(40 * DAY), self.draw.randrange(6)))

    def row(self, earliest, latest):
        draw = self.draw
        known = draw.randrange(earliest, latest)
        at = None if draw.random() < 0.02 else known - draw.randrange(2 * DAY)
        heat = draw.choice([None, float(draw.randrange(100)), draw.randrange(5)])
        return (at, known, draw.randrange(40), int(draw.random() < 0.1), draw.choice([1, 2, 3, 4, 5, None]), heat, draw.choice("ab"))

    def insert(self, rows):
        if self.is_text:
            rows = [(at, str(dt.datetime.fromtimestamp(known, dt.timezone.utc)), *more) for at, known, *more in rows]
        self.database.executemany("insert into readings values (?, ?, ?, ?, ?, ?, ?)", rows)

    def append(self, number):
        start = START - 30 * DAY + 3 * DAY * number
        self.insert(self.row(start, start + 3 * DAY) for _ in range(self.draw.randrange(40)))
        if number > 0:
            self.insert(self.row(start - DAY, start) for _ in range(self.draw.randrange(6)))
        if self.draw.random() < 0.3:
            self.insert([self.row(start, start + 3 * DAY)] * 2)
        if number == 4:                                # nothing that follows may be hidden by it
            far = 4_000_000_000
            self.insert([(far, far, 99, 0, 1, 1.5, "a")])
        self.database.commit()

    def disturb(self):
        """Takes away what was noted of rows that are read again, or asks for more of them."""
        if self.draw.random() < 0.3:
            for path in self.noted():
                path.rename(self.appended / path.name)
        if self.draw.random() < 0.2:
            file = self.appended / "features" / "all.yml"
            file.write_text(file.read_text().replace("lookback: 3d", "lookback: 6d"))

    def noted(self):
        with contextlib.closing(sqlite3.connect(self.appended / ".gangway" / "catalog.sqlite")) as catalog:
            names = catalog.execute("select segment from snapshot_segment where role = 'recent' order by snapshot desc limit 1").fetchall()
        return [path for (name,) in names if (path := self.appended / ".gangway" / "segments" / f"{name}.arrow").exists()]

    def run(self, project, *words):
        return subprocess.run([self.binary, "-C", project, *words], capture_output=True, text=True, check=True)

    def answers(self):
        """The rows of both, after each has read what it has to."""
        self.run(self.appended, "materialize")
        shutil.copy(self.appended / "warehouse.sqlite", self.fresh)
        shutil.rmtree(self.fresh / ".gangway", ignore_errors=True)
        self.run(self.appended, "export", "heats", "--frozen", "--out", self.appended / "out.zip")
        self.run(self.fresh, "export", "heats", "--out", self.fresh / "out.zip")
        return [zipfile.ZipFile(project / "out.zip").read("data.csv") for project in (self.appended, self.fresh)]


def world(binary, seed):
    with tempfile.TemporaryDirectory() as folder:
        world = World(binary, pathlib.Path(folder), seed)
        with check(f"seed {seed}: 12 rounds of appending give what reading everything gives"):
            for number in range(12):
                world.append(number)
                have, want = world.answers()
                equal(have.splitlines(), want.splitlines(), f"round {number}")
                world.disturb()
        with check(f"seed {seed}: reading again when nothing came changes nothing"):
            equal("unchanged" in world.run(world.appended, "materialize").stdout, True)
        with check(f"seed {seed}: the newest rows are noted again when something came, and the store is whole"):
            world.append(12)
            world.run(world.appended, "materialize")
            equal(len(world.noted()), 1)
            for path in world.appended.glob("*.arrow"):
                path.rename(world.appended / ".gangway" / "segments" / path.name)
            world.run(world.appended, "verify")
        late = START - 25 * DAY
        world.insert([(late, late, 77, 0, 2, 42.0, "b")])
        world.database.commit()
        with check(f"seed {seed}: a row later than the lookback is left"):
            equal("unchanged" in world.run(world.appended, "materialize").stdout, True)
        with check(f"seed {seed}: and is found by reading everything"):
            fresh = world.run(world.appended, "export", "heats", "--fresh", "--out", world.appended / "out.zip")
            have, want = world.answers()
            equal(have.splitlines(), want.splitlines())
            equal("unchanged" in fresh.stderr, False)


for number in map(int, sys.argv[2:] or (1, 2, 3)):
    world(pathlib.Path(sys.argv[1]).resolve(), number)
print(f"{checks.passed} passed, {checks.failed} failed")
