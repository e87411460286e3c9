#!/usr/bin/env python3
"""Makes a project whose one training set, `odd`, holds every type and the values that readers stumble over.

    python odd_values.py FOLDER
"""
import pathlib
import sqlite3
import sys

SETTINGS = "project: odd\nwarehouse: {sqlite: odd.sqlite}\n"

DEFINITIONS = """
entities:
  - {name: thing, key: {name: code, type: string}, description: "Something with a code."}
modules:
  - name: readings
    relation: readings
    event_time: at
    columns:
      - {name: flag, type: boolean, description: 'A "flag" | or not.'}
      - {name: day, type: date}
      - {name: seen, type: timestamp}
  - {name: questions, relation: questions}
feature_views:
  - name: last
    entity: thing
    module: readings
    features: [flag, day, seen, big, small, words]
  - name: mean
    entity: thing
    module: readings
    features:
      - {name: small, aggregate: [mean, stddev], windows: lifetime}
training_sets:
  - name: odd
    spine: {module: questions, as_of: asked, keep: ["odd, name", "a `b` | c", split], label: [y, z]}
    features: [last, mean]
    status_columns: true
"""

READINGS = [
    ("007", "2024-01-01 00:00:00", 1, "1850-02-28", "2024-01-01 00:00:00.000001", 2**53 + 1, 0.1, "NA"),
    ("1e5", "2024-01-01 00:00:00", 0, "9999-12-31", "9999-12-31 23:59:59.999999", -2**63, 5e-324, "null, \"quoted\"\nand a line"),
    ("NaN", "2024-01-01 00:00:00", None, None, None, 2**63 - 1, 1.7976931348623157e308, ""),
    ("é \u2028", "2024-01-01 00:00:00", 1, "0001-01-01", "1600-01-01 12:00:00", None, 123456789012345680.0, "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")),
    ("none", "2024-01-01 00:00:00", 0, "2024-02-29", "2024-01-01 00:00:00.5", 0, None, None),
]


def main(folder):
    folder = pathlib.Path(folder)
    (folder / "features").mkdir(parents=True)
    (folder / "gangway.yml").write_text(SETTINGS)
    (folder / "features" / "odd.yml").write_text(DEFINITIONS)
    database = sqlite3.connect(folder / "odd.sqlite")
    database.execute("create table readings (code text, at text, flag integer, day text, seen text, big integer, small real, words text)")
    database.executemany("insert into readings values (?, ?, ?, ?, ?, ?, ?, ?)", READINGS)
    database.execute('create table questions (code text, asked text, "odd, name" text, "a `b` | c" real, split integer, y integer, z real)')
    codes = [code for code, *_ in READINGS] + ["unknown", None]
    database.executemany(
        "insert into questions values (?, ?, ?, ?, ?, ?, ?)",
        [(code, f"2024-02-01 00:00:0{i}{'.25' if i % 2 else ''}", "" if i == 3 else f"x{i}" if i % 3 else None, i / 3, i, i % 2 or None, -i / 7)
         for i, code in enumerate(codes)])
    database.commit()


main(sys.argv[1])
