"""A project that closes the loop, small enough to be copied for each check: raw tables, an output, a mart that joins it and a view.

Everything that is done to the output is declared to have been done at some moment of the past, so that equal commands give equal rows.
"""
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

BOOKED = 1_714_000_000
ROWS = 600
FILES = {
    "gangway.yml": "project: loop\nwarehouse: {sqlite: warehouse.sqlite}\nstore: .gangway\n",
    "features/bookings.sql": "select shipment_id, carrier, booked, datetime(booked, 'unixepoch') as booked_at from {{ source('raw_shipments') }}\n",
    "features/all.yml": """
sources: [raw_shipments]
entities:
  - {name: shipment, key: [{name: shipment_id, type: int64}], module: bookings}
  - {name: carrier, key: carrier}
modules:
  - {name: bookings, sql: bookings.sql, grain: shipment_id}
  - {name: deliveries, relation: raw_deliveries, event_time: {column: delivered, unit: s}}
  - {name: carriers, relation: raw_carriers, grain: carrier, history: observe, event_time: since}
feature_views:
  - {name: service, entity: carrier, module: deliveries, publish: true, features: [late]}
  - {name: profile, entity: carrier, module: carriers, features: [tier]}
  - {name: said, entity: shipment, module: eta, features: [minutes]}
training_sets:
  - name: late
    spine: {module: bookings, as_of: {column: booked, unit: s}, keep: [shipment_id]}
    features: [service, profile, said]
    scoring: {module: bookings}
outputs:
  - name: eta
    entity: shipment
    columns: [{name: minutes, type: float64, not_null: true}, {name: note, type: string}]
marts:
  - name: board
    entity: shipment
    base: bookings
    join:
      - {output: eta, columns: [minutes, note, model_version]}
      - {output: eta, as_of: booked_at, prefix: booked_, columns: [minutes]}
      - {view: service, as_of: booked_at, prefix: carrier_, columns: [late]}
""",
}


class Failed(Exception):
    """A command that should have succeeded."""


class Loop:
    """A folder with the project."""

    def __init__(self, binary, folder):
        self.binary, self.folder = pathlib.Path(binary).resolve(), pathlib.Path(folder)
        self.warehouse, self.store = self.folder / "warehouse.sqlite", self.folder / ".gangway"

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        return Loop(self.binary, folder)

    def move(self, what, folder):
        """Moves the store or the warehouse into another folder of the project."""
        path = getattr(self, what)
        shutil.move(path, folder / path.name)
        setattr(self, what, folder / path.name)
        settings = self.folder / "gangway.yml"
        settings.write_text(settings.read_text().replace(path.name, str((folder / path.name).relative_to(self.folder))))

    def words(self, *words):
        return [self.binary, "-C", self.folder, *words]

    def try_out(self, *words, **options):
        return subprocess.run(self.words(*words), capture_output=True, text=True, timeout=120, **options)

    def run(self, *words):
        done = self.try_out(*words)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stderr}")
        return done.stdout

    def register(self, name, version, *words):
        return self.run("register", "eta", self.folder / f"{name}.csv", "--model-version", version, "--batch", name, *words)

    def batches(self):
        """What the store says: every batch with its times, and the versions that are live."""
        lists = json.loads(self.run("list", "--json"))["lists"]
        batches = [{key: value for key, value in batch.items() if key != "registered"} for batch in lists["batches"]]
        return [batches, [output["live"] for output in lists["outputs"]]]

    def relations(self):
        """All tables of the warehouse, row by row, without what tells when they were written. The file itself is not touched."""
        with tempfile.TemporaryDirectory() as scratch:
            for file in self.warehouse.parent.glob("warehouse.sqlite*"):
                shutil.copy(file, scratch)
            with contextlib.closing(sqlite3.connect(pathlib.Path(scratch) / "warehouse.sqlite")) as database:
                names = [name for name, in database.execute("select name from sqlite_schema where type in ('table', 'view') order by name")]
                return {name: rows(database, name) for name in names if name not in ("gangway__published", "gangway__built")}

    def leftovers(self):
        """Files on their way that nobody will bring there any more."""
        known = ("segments", "catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "catalog.sqlite.sha256", "readers.lock", "writer.lock")
        paths = [path for path in self.store.glob("*") if path.name not in known and not path.name.startswith("scratch-")]
        paths += [path for path in self.store.glob("segments/*") if path.suffix != ".arrow"]
        return [str(path) for path in paths + list(self.store.glob("scratch-*/owner.lock"))]


def rows(database, name):
    columns = [column for _, column, *_ in database.execute(f"pragma table_info({quoted(name)})") if column != "refreshed_at"]
    chosen = ", ".join(map(quoted, columns))
    return (columns, sorted(map(repr, database.execute(f"select {chosen} from {quoted(name)}"))))


def quoted(name):
    """A name as SQL, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def make(binary, folder):
    """The project, built, with two versions of the model of which one is live, and more to do since."""
    loop = Loop(binary, folder)
    for name, text in FILES.items():
        path = loop.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday")):
        predictions(loop.folder / f"{name}.csv", number)
    with contextlib.closing(sqlite3.connect(loop.warehouse)) as database:
        database.execute("create table raw_shipments (shipment_id integer, carrier text, booked integer)")
        shipments = ((i, f"c{i % 11}", BOOKED + i * 3_600) for i in range(ROWS))
        database.executemany("insert into raw_shipments values (?, ?, ?)", shipments)
        database.execute("create table raw_deliveries (carrier text, delivered integer, late real)")
        deliveries = ((f"c{i % 11}", BOOKED + i * 2_900, i % 37 / 4) for i in range(ROWS))
        database.executemany("insert into raw_deliveries values (?, ?, ?)", deliveries)
        database.execute("create table raw_carriers (carrier text, tier integer, since text)")
        database.executemany("insert into raw_carriers values (?, ?, '2024-01-01 00:00:00')", ((f"c{i}", i % 3) for i in range(11)))
        database.commit()
    loop.run("build")
    return loop


def predictions(path, number, count=ROWS):
    lines = (f"{i},{(i * 7 + number * 13) % 101 / 8},{'' if i % 5 else f'note {number}'}" for i in range(number, count))
    path.write_text("shipment_id,minutes,note\n" + "\n".join(lines) + "\n")


def live(loop):
    """Registers and promotes, exports and looks; then the raw tables go on."""
    loop.register("monday", "v1", "--at", "2024-05-01", "--promote")
    loop.register("tuesday", "v2", "--at", "2024-05-02")
    loop.run("observe", "--at", "2024-05-03")
    loop.run("build")
    loop.run("export", "late", "--out", "training.zip")
    with contextlib.closing(sqlite3.connect(loop.warehouse)) as database:
        database.execute("update raw_carriers set tier = tier + 1 where tier < 2")
        database.execute("insert into raw_shipments select shipment_id + 10000, carrier, booked from raw_shipments where shipment_id % 9 = 0")
        database.execute("insert into raw_deliveries select carrier, delivered + 7, late + 1 from raw_deliveries")
        database.commit()
    return loop
