#!/usr/bin/env python3
"""Published feature views, joined in plain SQL as of the moments that a training set asks at, give the training set's columns, cell by cell.

usage: published.py BINARY PROJECT SET    (the sample project, built; all is done in a copy, in which every view is published)

The moments are the training set's own, and, for another set of rows, those at which something in a view begins or ends, a microsecond
before and after too. Marts that join the views as of a column of seconds must show the same.
"""
import datetime as dt
import pathlib
import random
import sys
import tempfile

import checks
import yaml
from checks import check, equal
from project import Project

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
MICROSECOND = dt.timedelta(microseconds=1)


class Definitions:
    def __init__(self, folder):
        self.folder = folder
        self.lists = {}
        for path in sorted(folder.rglob("*.yml")):
            for name, definitions in (yaml.safe_load(path.read_text()) or {}).items():
                self.lists.setdefault(name, []).extend(definitions)

    def views(self):
        return {view["name"]: view for view in self.lists["feature_views"]}

    def publish_all(self):
        path = self.folder / "feature_views.yml"
        document = yaml.safe_load(path.read_text())
        for view in document["feature_views"]:
            view["publish"] = True
        path.write_text(yaml.safe_dump(document, sort_keys=False))

    def roles(self, name):
        """Of each alias in a training set: its view, and (the view's key column, the spine's) pairs."""
        training_set = next(one for one in self.lists["training_sets"] if one["name"] == name)
        entities = {entity["name"]: entity for entity in self.lists["entities"]}
        for selection in training_set["features"]:
            selection = {"view": selection} if isinstance(selection, str) else selection
            view = self.views()[selection["view"]]
            keys = []
            if "entity" in view:
                key = entities[view["entity"]]["key"]
                own = [part if isinstance(part, str) else part["name"] for part in (key if isinstance(key, list) else [key])]
                asked = {**training_set["spine"].get("entities", {}), **selection.get("entities", {})}.get(view["entity"], {})
                asked = {own[0]: asked} if isinstance(asked, str) else asked
                keys = [(part, asked.get(part, part)) for part in own]
            yield selection.get("as", view["name"]), view["name"], keys


def since_epoch(time):
    return (time - EPOCH) // MICROSECOND


def is_count(feature):
    """Of an entity of which nothing is known yet there is no row to join, and nothing to count."""
    return "_count_" in feature


def cell(value, wanted):
    return bool(value) if isinstance(wanted, bool) and value is not None else value


def asked(database, rows, time, columns):
    """The rows as a table of the reader's own."""
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute("drop table if exists temp.asked")
    database.execute(f"create temp table asked (n integer primary key, us integer, {names})")
    database.executemany(
        f"insert into asked values (?, ?{', ?' * len(columns)})",
        [(n, since_epoch(row[time]), *(row[column] for column in columns)) for n, row in enumerate(rows)])


def join(database, view, keys, features):
    chosen = ", ".join(f'coalesce(h."{one}", 0)' if is_count(one) else f'h."{one}"' for one in features)
    matches = "".join(f' and h."{there}" = asked."{here}"' for there, here in keys)
    return database.execute(f"""
        select asked.n, {chosen} from asked left join "{view}__history" h
        on h.valid_from_us <= asked.us and (h.valid_to_us is null or asked.us < h.valid_to_us){matches}
        order by asked.n""").fetchall()


class Comparison:
    def __init__(self, project, definitions, name):
        self.project, self.definitions = project, definitions
        self.roles = list(definitions.roles(name))
        self.columns = sorted({here for _, _, keys in self.roles for _, here in keys})

    def features(self, alias, row):
        return [column.removeprefix(f"{alias}__") for column in row if column.startswith(f"{alias}__")]

    def holds(self, rows, time, what):
        """Each view's join beside the rows' columns; a view's ages are not published, since they change all the time."""
        with self.project.opened() as database:
            asked(database, rows, time, self.columns)
            for alias, view, keys in self.roles:
                with check(f"{what}: {alias}"):
                    there = [column[1] for column in database.execute(f'pragma table_info("{view}__history")')]
                    features = self.features(alias, rows[0])
                    ages = [one["as"] for one in self.definitions.views()[view]["features"]
                            if isinstance(one, dict) and one.get("aggregate") == "time_since_last"]
                    equal([one for one in features if one not in there], ages, "not published")
                    features = [one for one in features if one in there]
                    found = join(database, view, keys, features)
                    equal([row[0] for row in found], list(range(len(rows))), "rows")
                    for (n, *values), row in zip(found, rows):
                        wanted = [row[f"{alias}__{one}"] for one in features]
                        equal([cell(*pair) for pair in zip(values, wanted)], wanted, f"{row}")

    def borders(self, rows, time, count):
        """Rows that ask when something begins or ends for their keys, a microsecond before, and after."""
        draw = random.Random(11)
        now = since_epoch(dt.datetime.now(dt.timezone.utc))
        with self.project.opened() as database:
            for alias, view, keys in self.roles:
                for row in draw.sample(rows, min(count, len(rows))):
                    matches = " and ".join(["true"] + [f'"{there}" = ?' for there, _ in keys])
                    times = [moment for pair in database.execute(
                        f'select valid_from_us, valid_to_us from "{view}__history" where {matches}', [row[here] for _, here in keys])
                        for moment in pair if moment is not None and 0 < moment < now]
                    for moment in draw.sample(times, min(2, len(times))):
                        for shift in (-1, 0, 1):
                            yield {**row, time: EPOCH + (moment + shift) * MICROSECOND}


MARTS = """
modules:
  - {name: seconds, sql: seconds.sql, grain: shipment_id, materialized: table}
marts:
  - {name: seconds_in_a_table, entity: shipment, base: seconds, join: [JOINS]}
  - {name: seconds_in_a_view, entity: shipment, base: seconds, materialized: view, join: [JOINS]}
"""
JOIN = "{view: VIEW, as_of: {column: at, unit: s}, key: {KEY}, prefix: ALIAS__}"


def marts(project, comparison, rows):
    joins = ", ".join(
        JOIN.replace("VIEW", view).replace("ALIAS", alias).replace("KEY", ", ".join(f"{there}: {here}" for there, here in keys))
        .replace("key: {}, ", "") for alias, view, keys in comparison.roles)
    (project.folder / "features" / "seconds.yml").write_text(MARTS.replace("JOINS", joins))
    (project.folder / "features" / "seconds.sql").write_text(
        f"select shipment_id, {', '.join(comparison.columns)}, cast(unixepoch(booked_at) as integer) as at from {{{{ ref('bookings') }}}}\n")
    project.run("build", "seconds_in_a_table", "seconds_in_a_view")
    for mart in ("seconds_in_a_table", "seconds_in_a_view"):
        with check(f"{mart}: a mart with all views as of a column of seconds shows the same"), project.opened() as database:
            found = database.execute(f"select * from {mart}")
            names = [column[0] for column in found.description]
            marted = {row["shipment_id"]: row for row in (dict(zip(names, row)) for row in found)}
            equal(len(marted), database.execute("select count(*) from bookings").fetchone()[0], "rows")
            shared = [column for column in rows[0] if column in names and "__" in column]
            assert len(shared) > 30, shared
            for row in rows:
                one = marted[row["shipment_id"]]
                # The marts say null where there was nothing to count.
                values = [0 if one[column] is None and is_count(column) else cell(one[column], row[column]) for column in shared]
                equal(values, [row[column] for column in shared], f"shipment {row['shipment_id']}")


def main(binary, original, name):
    with tempfile.TemporaryDirectory() as scratch:
        project = Project(binary, original, pathlib.Path(scratch) / "project")
        definitions = Definitions(project.folder / "features")
        definitions.publish_all()
        with check("every view of the sample can be published"):
            project.run("publish", *definitions.views())
        rows, manifest = project.export(name, out="training")
        time = next(column["name"] for column in manifest["columns"] if column["role"] == "time")
        comparison = Comparison(project, definitions, name)
        comparison.holds(rows, time, f"{name}, {len(rows)} moments")
        kept = [column["name"] for column in manifest["columns"] if column["role"] in ("key", "time", "keep", "input")]
        drawn = list(comparison.borders([{column: row[column] for column in kept} for row in rows], time, 40))
        spine = project.folder / "borders.csv"
        write(drawn, kept, spine)
        found, _ = project.export(name, "--for", "scoring", "--spine", spine, out="borders")
        comparison.holds(found, time, f"{len(found)} moments at which something changes")
        marts(project, comparison, rows)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


def write(rows, columns, path):
    import csv
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([value.isoformat() if isinstance(value, dt.datetime) else value for value in (row[column] for column in columns)])


sys.exit(main(*sys.argv[1:]))
