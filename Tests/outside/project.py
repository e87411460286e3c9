"""A copy of a project in which checks from outside may do as they like, through the binary alone."""
import json
import pathlib
import shutil
import sqlite3
import subprocess

import checks


class Project:
    """What a user has: a folder, the command and the warehouse's file."""

    def __init__(self, binary, original, folder):
        self.binary, self.folder = pathlib.Path(binary).resolve(), pathlib.Path(folder)
        self.folder.mkdir()
        for name in ("gangway.yml", "features", ".gangway", "freight.sqlite"):
            copy = shutil.copytree if (pathlib.Path(original) / name).is_dir() else shutil.copy
            copy(pathlib.Path(original) / name, self.folder / name)
        self.warehouse = self.folder / "freight.sqlite"

    def run(self, *words):
        """What a command says; it must succeed."""
        told = self.told(*words)
        if told.returncode != 0:
            raise AssertionError(f"gangway {' '.join(map(str, words))}: exit {told.returncode}\n{told.stderr}")
        return told

    def told(self, *words):
        return subprocess.run([self.binary, "-C", self.folder, *map(str, words)], capture_output=True, text=True)

    def refused(self, rule, *words):
        """What a command says that must refuse by this rule."""
        told = self.told(*words)
        checks.equal((told.returncode, f"[{rule}]" in told.stderr), (1, True), f"gangway {' '.join(map(str, words))}: {told.stderr}")
        return told.stderr

    def rows(self, query, *values):
        with self.opened() as database:
            return database.execute(query, values).fetchall()

    def opened(self):
        return Database(self.warehouse)

    def export(self, name, *words, out):
        """The rows of all parts of an export as Python values by column, and its manifest."""
        archive = self.folder / f"{out}.zip"
        self.run("export", name, "--out", archive, *words)
        folder = self.folder / out
        shutil.rmtree(folder, ignore_errors=True)
        checks.extract(archive, folder)
        package = json.loads((folder / "datapackage.json").read_text())
        rows = []
        for resource in package["resources"]:
            fields = resource["schema"]["fields"]
            names = [field["name"] for field in fields]
            rows += [dict(zip(names, row)) for row in checks.rows((folder / resource["path"]).read_text(), fields)]
        return rows, json.loads((folder / "manifest.json").read_text())


class Database:
    """The warehouse as anybody opens it who only reads; closed in the end, which sqlite3's own does not do."""

    def __init__(self, path):
        self.connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

    def __enter__(self):
        return self.connection

    def __exit__(self, *_):
        self.connection.close()
