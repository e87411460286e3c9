#!/usr/bin/env python3
"""The loop from predictions to a mart and back, seen from outside: with sqlite3, pandas and SQL, and worked out again in plain Python.

usage: loop.py BINARY PROJECT     (the sample project, built; all is done in copies of it)
"""
import csv
import datetime as dt
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import checks
from checks import check, equal
from project import Project
from shown import Events, since_epoch

OUTPUT, MART = "eta_prediction", "mart_shipment"
VALUES = ["expected_minutes_late", "risk"]
UTC = dt.timezone.utc
MICROSECOND = dt.timedelta(microseconds=1)

MORE = """
feature_views:
  - {name: told, entity: shipment, module: eta_prediction, features: [expected_minutes_late, risk]}
  - {name: hindsight, entity: shipment, module: guess, features: [minutes]}
outputs:
  - {name: guess, entity: shipment, columns: [{name: minutes, type: float64}]}
training_sets:
  - {name: asked, spine: {file: asked.csv, as_of: at, keep: n, order_by: n}, features: [told]}
  - {name: guessed, spine: {file: asked.csv, as_of: at, keep: n, order_by: n}, features: [hindsight]}
  - {name: guessed_anyway, spine: {file: asked.csv, as_of: at, keep: n, order_by: n}, features: [hindsight], allow_in_sample: true}
  - {name: early, spine: {module: bookings, as_of: booked_at, until: 2024-05-01, keep: shipment_id, label: minutes_late}, features: [carrier_service]}
"""


def moment(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def told(time):
    return time.isoformat().replace("+00:00", "Z")


class Loop:
    def __init__(self, project):
        self.project, self.events = project, Events()
        (project.folder / "features" / "more.yml").write_text(MORE)
        self.ask([])
        self.training = project.folder / "training.zip"
        project.run("export", "eta", "--out", self.training)
        self.rows, _ = project.export("eta", "--for", "scoring", out="scoring")
        self.shipments = sorted(row["shipment_id"] for row in self.rows)

    def predictions(self, model, shipments):
        """What a model of no great wit says: the carrier's lateness, shifted."""
        late = {row["shipment_id"]: row["carrier_service__mean_late_30d"] or 0.0 for row in self.rows}
        risks = ["on_time", "late", "very_late"]
        return {one: (late[one] / 3 + model, risks[(one + model) % 3]) for one in shipments}

    def write(self, predictions, name):
        path = self.project.folder / f"{name}.csv"
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([["shipment_id", *VALUES], *([one, *values] for one, values in predictions.items())])
        return path

    def register(self, at, version, batch, predictions, *words):
        path = self.write(predictions, f"{version}-{batch}")
        said = self.project.run("register", OUTPUT, path, "--model-version", version, "--batch", batch, "--at", told(at), *words)
        self.events.register(at, version, batch, predictions)
        if "--promote" in words:
            self.events.promote(at, version)
        return said

    def promote(self, at, *versions):
        self.project.run("promote", OUTPUT, *versions, "--at", told(at))
        self.events.promote(at, *versions)

    def withdraw(self, at, version):
        self.project.run("withdraw", OUTPUT, "--model-version", version, "--at", told(at))
        self.events.withdraw(at, version)

    def ask(self, asked):
        with open(self.project.folder / "features" / "asked.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(
                [["n", "shipment_id", "at"], *([n, shipment, told(at)] for n, (shipment, at) in enumerate(asked))])

    def shown_now(self):
        shown = {one: self.events.shown(one, dt.datetime.now(UTC)) for one in self.shipments}
        return {one: (*row.values, row.version) for one, row in shown.items() if row}


def mart(loop, predictions):
    """The first version, registered and promoted; the mart is built."""
    project = loop.project
    with check("the mart has exactly the rows of its base"):
        equal(project.rows(f"select shipment_id, customer, booked_at from {MART} order by 1"),
              project.rows("select shipment_id, customer, booked_at from bookings order by 1"))
    with check("the predictions in the mart are those of the file, and nobody else has any"):
        found = project.rows(f"select shipment_id, {', '.join(VALUES)}, model_version from {MART} where expected_minutes_late is not null or risk is not null")
        equal({one: tuple(values) for one, *values in found}, {one: (*values, "v1") for one, values in predictions.items()})
    with check("what a carrier's last delivery told at booking is in the mart what it is in the training set"):
        rows, _ = project.export("eta", out="training")
        there = dict(project.rows(f"select shipment_id, carrier_before_minutes_late from {MART}"))
        equal([there[row["shipment_id"]] for row in rows], [row["carrier_last_delivery__minutes_late"] for row in rows])
        assert sum(value is not None for value in there.values()) > len(there) / 2


def shortly(cell):
    """The command sqlite3 writes 15 digits of a number, or a few more."""
    return float(f"{cell:.15g}") if isinstance(cell, float) else cell


def readers(loop):
    """Types as people's tools see them."""
    import pandas as pd
    project = loop.project
    with check("the sqlite3 module sees numbers as numbers, times as texts that are times, nulls as nulls"):
        names = [column[1] for column in project.rows(f"pragma table_info({MART})")]
        kinds = {name: {kind for kind, in project.rows(f'select distinct typeof("{name}") from {MART}')} for name in names}
        wanted = {
            "shipment_id": {"integer"}, "minutes_late": {"integer", "null"}, "has_claim": {"integer", "null"}, "amount_eur": {"real", "null"},
            "settled_eur": {"real", "null"}, "expected_minutes_late": {"real", "null"}, "risk": {"text", "null"}, "model_version": {"text", "null"},
            "carrier_before_minutes_late": {"integer", "null"}, "booked_at": {"text"}, "delivered_at": {"text", "null"}}
        equal({name: kinds[name] for name in wanted}, wanted)
        equal([name for name in names if project.rows(f'select 1 from {MART} where "{name}" = \'\' limit 1')], [], "empty texts")
    if command := shutil.which("sqlite3"):
        with check("the command sqlite3 prints rows of it"):
            def ask(*words):
                return subprocess.run([command, *words], cwd=project.folder, capture_output=True, text=True, check=True).stdout
            query = f"select * from {MART} order by expected_minutes_late is null, shipment_id limit 5"
            rows = project.rows(query)
            equal([[shortly(cell) for cell in row.values()] for row in json.loads(ask("-json", "freight.sqlite", query))],
                  [[shortly(cell) for cell in row] for row in rows])
            equal([line.split("|") for line in ask("freight.sqlite", query).splitlines()],
                  [["" if cell is None else str(shortly(cell)) for cell in row] for row in rows])
    with project.opened() as database:
        with check("pandas sees the mart's types"):
            table = pd.read_sql(f"select * from {MART}", database, parse_dates=["booked_at", "delivered_at"])
            equal(len(table), project.rows("select count(*) from bookings")[0][0])
            numbers = ["shipment_id", "minutes_late", "amount_eur", "settled_eur", "expected_minutes_late", "carrier_before_minutes_late"]
            equal([name for name in numbers if not pd.api.types.is_numeric_dtype(table[name])], [], "no numbers")
            equal([name for name in ("booked_at", "delivered_at") if not pd.api.types.is_datetime64_any_dtype(table[name])], [], "no times")
            for name in ("booked_at", "delivered_at", "expected_minutes_late", "risk"):
                equal(int(table[name].isna().sum()), project.rows(f'select count(*) from {MART} where "{name}" is null')[0][0], f"nulls of {name}")
        for relation, times in {
            OUTPUT: ["predicted_at", "valid_from"], f"{OUTPUT}__history": ["predicted_at", "valid_from", "valid_to"],
            f"{OUTPUT}__all": ["predicted_at", "known_at", "withdrawn_at"], "carrier_last_delivery__history": ["valid_from", "valid_to"],
            "gangway__catalog": ["refreshed_at"],
        }.items():
            with check(f"pandas reads every time of {relation}, whole seconds beside microseconds"):
                table = pd.read_sql(f"select * from {relation}", database, parse_dates=times)
                for name in times:
                    texts = [text for text, in database.execute(f'select "{name}" from {relation}')]
                    equal([None if pd.isna(time) else time.to_pydatetime() for time in table[name]],
                          [text and dt.datetime.fromisoformat(text) for text in texts], name)
                    equal(sorted(filter(None, texts)), sorted(filter(None, texts), key=dt.datetime.fromisoformat), f"{name} as texts")


def catalog(loop, since):
    """What a reader of the warehouse is told of its relations."""
    project = loop.project
    wanted = {
        OUTPUT: ("data-science", "shipment_id", "v1"), f"{OUTPUT}__history": ("data-science", "shipment_id, valid_from", "v1, v2"),
        f"{OUTPUT}__all": ("data-science", None, "v1, v2"), "carrier_last_delivery": ("data-science", "carrier_id", None),
        "carrier_last_delivery__history": ("data-science", "carrier_id, valid_from", None), MART: ("operations", "shipment_id", "v1")}
    for relation, facts in wanted.items():
        with check(f"gangway__catalog tells what {relation} is"):
            rows = project.rows(
                "select column, type, description, owner, grain, refreshed_at, model_versions from gangway__catalog where relation = ?", relation)
            (column, _, description, *own, refreshed, versions), *columns = rows
            equal((column, *own, versions), (None, *facts))
            assert description, "no description"
            assert since <= dt.datetime.fromisoformat(refreshed) <= dt.datetime.now(UTC), refreshed
            equal([row[0] for row in columns], [row[1] for row in project.rows(f'pragma table_info("{relation}")')], "columns")
            # What SQL computes has no type of its own.
            untold = [row[0] for row in columns if row[1] not in ("int64", "float64", "boolean", "string", "date", "timestamp")]
            if relation != MART:
                equal(untold, [], "types")
    with check("gangway__catalog has the descriptions of the definitions"):
        told = dict(project.rows("select column, description from gangway__catalog where relation = ? and column is not null", MART))
        assert told["expected_minutes_late"].startswith("Minutes from the agreed") and told["amount_eur"] == "Billed by the carrier.", told


def history(loop, what):
    """What was shown when, beside what the events say."""
    project = loop.project
    with check(f"{what}: what is shown, in the output and in the mart"):
        project.run("build", MART)
        wanted = loop.shown_now()
        for relation in (OUTPUT, MART):
            found = project.rows(f"select shipment_id, {', '.join(VALUES)}, model_version from {relation} where model_version is not null")
            equal({one: tuple(values) for one, *values in found}, wanted, relation)
    with check(f"{what}: the history is what the events say"):
        wanted = [
            (one, *row.values, row.version, row.batch, since_epoch(start), end and since_epoch(end)) for one, row, start, end in loop.events.history()]
        found = project.rows(
            f"select shipment_id, {', '.join(VALUES)}, model_version, batch, valid_from_us, valid_to_us from {OUTPUT}__history order by 1, 6")
        equal(found, wanted)
    with check(f"{what}: every row is kept"):
        found = project.rows(f"select shipment_id, {', '.join(VALUES)}, model_version, batch, known_at, withdrawn_at from {OUTPUT}__all")
        read = [(*row[:5], *(text and dt.datetime.fromisoformat(text) for text in row[5:])) for row in found]
        wanted = [(row.entity, *row.values, row.version, row.batch, row.known, row.ended) for row in loop.events.rows]
        equal(sorted(read, key=str), sorted(wanted, key=str))


def events(loop):
    """A second version, corrections, withdrawals: declared moments of January 2025, after all that the models were trained on."""
    day = {number: moment(f"2025-01-{number:02}T06:00:00") for number in range(1, 20)}
    third, half, rest = loop.shipments[::3], loop.shipments[::2], loop.shipments[1::2]
    loop.register(day[2], "v2", "half", loop.predictions(2, half), "--trained-on", "eta@1")
    history(loop, "a second version is registered")
    loop.promote(day[3], "v2")
    history(loop, "it is promoted")
    loop.register(day[4], "v2", "more", loop.predictions(3, third))
    loop.register(day[5] + 7 * MICROSECOND, "v1", "late", loop.predictions(4, rest))
    loop.register(day[6], "v2", "half", loop.predictions(5, half[5:]))
    history(loop, "a batch is corrected, and the first version goes on unseen")
    loop.promote(day[7], "v2", "v1")
    history(loop, "both are live")
    loop.promote(day[8], "v2")
    loop.register(day[3] + dt.timedelta(hours=1), "v2", "forgotten", loop.predictions(6, half[:20]))
    loop.promote(day[2] + dt.timedelta(hours=1), "v1", "v2")
    history(loop, "a batch and a promotion of the past are told")
    loop.withdraw(day[9], "v2")
    history(loop, "the second is withdrawn: the first is back")
    with check("the first version is all that is shown"):
        equal({values[-1] for values in loop.shown_now().values()}, {"v1"})
        equal(loop.project.rows(f"select distinct model_version from {OUTPUT}"), [("v1",)])
        equal(len(loop.shown_now()), len(loop.shipments))
    return list(day.values())


def asked(loop, moments):
    """Features made of predictions are those that were shown at the moment of the question."""
    shipments = loop.shipments[:12] + [row for row, in loop.project.rows("select min(shipment_id) from bookings")]
    questions = [(one, at + shift) for one in shipments for at in moments[:11] for shift in (-MICROSECOND, 0 * MICROSECOND, dt.timedelta(hours=5))]
    loop.ask(questions)
    with check("a feature view over the output says what was shown then"):
        rows, manifest = loop.project.export("asked", out="asked")
        wanted = [(row.values if row else (None, None)) for row in (loop.events.shown(*question) for question in questions)]
        equal([tuple(row[f"told__{name}"] for name in VALUES) for row in rows], wanted)
        assert len(set(wanted)) >= 30, set(wanted)
    with check("the manifest lists the model versions"):
        equal([(view["view"], view["model_versions"]) for view in manifest["views"]], [("told", ["v1", "v2"])])


def vintages(loop):
    """A model has seen what it was trained on: its predictions about earlier moments are no features."""
    project = loop.project
    manifest = json.loads((project.folder / "training" / "manifest.json").read_text())
    vintage = dt.datetime.fromisoformat(manifest["vintage"])
    past = moment("2024-07-01T00:00:00")
    path = project.folder / "guess.csv"
    path.write_text("shipment_id,minutes\n" + "".join(f"{one},{one}.5\n" for one in loop.shipments))

    def ask(*times):
        loop.ask([(loop.shipments[n], at) for n, at in enumerate(times)])

    project.run("export", "early", "--out", project.folder / "early.zip")
    project.run("register", "guess", path, "--model-version", "early", "--at", told(past), "--trained-on", "early@1", "--promote")
    with check("predictions of a model that was trained before are features"):
        ask(past - MICROSECOND, past, vintage)
        rows, _ = project.export("guessed", out="guessed")
        equal([row["hindsight__minutes"] for row in rows], [None] + [float(one) + 0.5 for one in loop.shipments[1:3]])
    project.run("register", "guess", path, "--model-version", "knowing", "--at", told(past + dt.timedelta(days=31)),
                "--trained-on", loop.training, "--promote")
    with check("those of a model that was trained on what came later are refused"):
        ask(past, vintage - MICROSECOND, vintage, vintage + MICROSECOND)
        said = project.refused("in-sample", "export", "guessed", "--out", project.folder / "no.zip")
        assert "1 of 4 rows" in said and "knowing" in said, said
        assert not (project.folder / "no.zip").exists()
    with check("unless somebody wants them"):
        rows, manifest = project.export("guessed_anyway", out="anyway")
        equal([row["hindsight__minutes"] for row in rows], [float(one) + 0.5 for one in loop.shipments[:4]])
        equal(manifest["views"][0]["model_versions"], ["early", "knowing"])
    with check("at its vintage, and later, a model has seen nothing that was to come"):
        ask(past + dt.timedelta(days=30), vintage, vintage + MICROSECOND)
        rows, _ = project.export("guessed", out="guessed")
        equal(len(rows), 3)


def anew(loop):
    """The warehouse is lost; raw tables are loaded again."""
    project = loop.project
    with project.opened() as database:
        published = [name for name, in database.execute("select distinct relation from gangway__catalog order by 1")]
    before = contents(project, published)
    lost = project.folder / "lost.sqlite"
    project.warehouse.rename(lost)
    with sqlite3.connect(project.warehouse) as database:
        database.execute("attach ? as lost", [str(lost)])
        for name, sql in database.execute("select name, sql from lost.sqlite_schema where type = 'table' and name like 'raw%'").fetchall():
            database.execute(sql)
            database.execute(f'insert into main."{name}" select * from lost."{name}"')
    database.close()
    lost.unlink()
    outputs = [name for name in published if name.startswith((OUTPUT, "guess"))]
    with check("in a warehouse of raw tables alone, `publish` shows all that was registered"):
        project.run("publish")
        equal(contents(project, outputs), {name: before[name] for name in outputs})
    with check("built again, everything is back"):
        project.run("build")
        project.run("publish")
        equal(contents(project, published), before)
    with check("the store is whole"):
        project.run("verify")


def contents(project, relations):
    """Rows, in an order of their own; when they were written is another matter."""
    return {name: sorted(map(repr, project.rows(f'select * from "{name}"'))) for name in relations}


def main(binary, original):
    since = dt.datetime.now(UTC)
    with tempfile.TemporaryDirectory() as scratch:
        loop = Loop(Project(binary, original, pathlib.Path(scratch) / "project"))
        predictions = loop.predictions(1, loop.shipments)
        first = moment("2025-01-01T06:00:00")
        loop.register(
            first, "v1", "first", predictions, "--trained-on", loop.training, "--scored-from", loop.project.folder / "scoring.zip", "--promote")
        loop.project.run("build")
        mart(loop, predictions)
        moments = [first, *events(loop)[1:]]
        readers(loop)
        catalog(loop, since)
        asked(loop, moments)
        vintages(loop)
        anew(loop)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
