#!/usr/bin/env python3
"""Batches of predictions that mean harm or are merely odd: kept to the letter, or refused with a way out.

usage: odd_batches.py BINARY
"""
import contextlib
import csv
import io
import pathlib
import sqlite3
import sys
import tempfile

import checks
import small_loop as loop
from checks import check, equal

# SQL's words, quotes, blanks, letters of several scripts, and what spreadsheets and shells read as more than text.
COLUMNS = ["select", 'a"b', "it's", "with space", "größe", "列", "=1+1", "x;--", "`tick`", "[bracket]", "a,b"]
TEXTS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'; drop table eta; --", '""', "a\nb", "a\r\nb", "\t", " ", "", "0x41", "NULL", "null", "NaN",
    "\u202e‮", "e\u0301", "é", "𝔘", "\ufeff", "\u0001", "%s%n", "${HOME}", "{{ ref('eta') }}", "x" * 10_000,
]
ODD = """
entities: [{{name: thing, key: [{{name: code, type: string}}, {{name: "from", type: int64}}]}}]
outputs:
  - name: odd
    entity: thing
    columns:
{columns}
marts:
  - {{name: all_of_it, entity: thing, base: things, join: [{{output: odd}}]}}
modules:
  - {{name: things, relation: things, grain: [code, "from"]}}
"""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def project(binary, folder, definitions, tables=("create table things (code text, \"from\" integer)",)):
    made = loop.Loop(binary, folder)
    (made.folder / "features").mkdir(parents=True)
    (made.folder / "gangway.yml").write_text(loop.FILES["gangway.yml"])
    (made.folder / "features" / "all.yml").write_text(definitions)
    with contextlib.closing(sqlite3.connect(made.warehouse)) as database:
        for table in tables:
            database.execute(table)
        database.commit()
    return made


def written(path, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


def fetched(made, sql):
    with contextlib.closing(sqlite3.connect(made.warehouse)) as database:
        return database.execute(sql).fetchall()


def refused(made, rule, *words, exits=(1,)):
    """- Returns: what it said."""
    before = (made.relations(), made.batches())
    done = made.try_out(*words)
    equal((done.returncode in exits, f"[{rule}]" in done.stderr), (True, True), f"exit {done.returncode}: {done.stderr}")
    equal("hint: " in done.stderr, True, done.stderr)
    equal(all(len(line) < 2_000 for line in done.stderr.splitlines()), True, "a line of great length")
    equal((made.relations(), made.batches()), before, "changed")
    return done.stderr


def odd_columns(binary, scratch):
    lines = "\n".join(f"      - {{name: {quoted(name)}, type: string}}" for name in COLUMNS)
    made = project(binary, scratch / "odd", ODD.format(columns=lines))
    rows = [[f"k{i} \"'", str(i)] + [text] * len(COLUMNS) for i, text in enumerate(TEXTS)]
    with contextlib.closing(sqlite3.connect(made.warehouse)) as database:
        database.executemany("insert into things values (?, ?)", [(row[0], int(row[1])) for row in rows])
        database.commit()
    with check("any text in columns of any name is kept to the letter"):
        file = written(made.folder / "odd.csv", ["code", "from"] + COLUMNS, rows)
        made.run("register", "odd", file, "--model-version", "v1", "--promote")
        names = ", ".join(map(loop.quoted, ["code", "from"] + COLUMNS))
        for relation in ("odd", "odd__history", "odd__all"):
            found = fetched(made, f"select {names} from {relation} order by \"from\"")
            equal(found, [tuple([row[0], int(row[1])] + row[2:]) for row in rows], relation)
    with check("a mart has them all"):
        made.run("build")
        found = fetched(made, f'select {names} from all_of_it order by "from"')
        equal([row[2] for row in found], TEXTS)
    with check("looking at it breaks no line"):
        for words in (["show", "odd"], ["show", "odd", "--rows"], ["list", "batches"], ["lineage", "all_of_it"], ["compare", "odd", "v1", "v1"]):
            done = made.try_out(*words)
            equal(done.returncode in (0, 1, 64) and "Fatal" not in done.stderr, True, done.stderr)
            equal("\u202e" in done.stdout or "\u0001" in done.stdout, False, f"{words}: a control character")
    with check("a NUL is refused, with its place"):
        path = made.folder / "nul.csv"
        path.write_bytes(file.read_bytes().replace(b"-2+3", b"-2\x00+3", 1))
        equal("nul.csv:" in refused(made, "bad-csv", "register", "odd", path, "--model-version", "v2"), True)
    with check("bytes that are no UTF-8 are refused, with their place"):
        path.write_bytes(file.read_bytes().replace(b"-2+3", b"-2\xff+3", 1))
        done = made.try_out("register", "odd", path, "--model-version", "v2")
        equal((done.returncode, "nul.csv:" in done.stderr, "hint: " in done.stderr), (1, True, True), done.stderr)
    with check("a cell of 10 MB is kept, or refused with its place"):
        path = written(made.folder / "long.csv", ["code", "from"] + COLUMNS, [["long", "1"] + ["y" * 10_000_000] + [""] * (len(COLUMNS) - 1)])
        done = made.try_out("register", "odd", path, "--model-version", "v2")
        equal(done.returncode == 0 or "long.csv:" in done.stderr and "hint: " in done.stderr, True, done.stderr[:2_000])
        equal(len(done.stderr) < 5_000, True, "the cell is told whole")
        made.run("verify")


def odd_names(binary, scratch):
    made = loop.make(binary, scratch / "names")
    plain = ["register", "eta", made.folder / "monday.csv", "--model-version"]
    with check("names of batches and versions may hold anything that can be seen"):
        for name in ("a/b", "../../x", "it's", 'q"q', "=1+1", "with space", "größe", "列", "v@1", "--x", "a,b", "x" * 200, "'; drop table eta; --", "."):
            made.run(*plain[:-1], f"--model-version={name}", f"--batch={name}", "--at", "2024-05-01", "--promote")
            equal(fetched(made, "select distinct model_version, batch from eta"), [(name, name)])
            done = made.run("withdraw", "eta", f"--batch={name}", f"--model-version={name}")
            equal("withdrew" in done, True, done)
        made.run("verify")
    with check("others are refused"):
        for name in ("", "a\nb", "a\x01b", "x" * 10_000, "a\u202eb", "\u200b", "a\u2028b", "   ", "e" + "\u0301" * 2_000):
            refused(made, "bad-name", *plain, name)
            refused(made, "bad-name", *plain, "v1", "--batch", name)
    with check("a hundred batches in a row"):
        for number in range(100):
            loop.predictions(made.folder / "many.csv", number, count=20 + number)
            made.run("register", "eta", made.folder / "many.csv", "--model-version", "v7", "--batch", f"b{number}", *(["--promote"] if number == 0 else []))
        batches = [batch for batch in made.batches()[0] if batch["model_version"] == "v7"]
        equal(len(batches), 100)
        equal(fetched(made, "select count(*) from eta__all where model_version = 'v7'"), [(2_000,)])
        shown = fetched(made, "select count(*), count(distinct shipment_id) from eta where model_version = 'v7'")
        equal(shown, [(119, 119)])
        made.run("verify")


def odd_times(binary, scratch):
    definitions = ODD.format(columns="      - {name: day, type: date}\n      - {name: seen, type: timestamp}").replace(
        "entity: thing\n    columns", "entity: thing\n    predicted_at: made\n    known_time: predicted_at\n    columns")
    made = project(binary, scratch / "times", definitions)
    with check("times at both ends of what can be said are kept"):
        rows = [["a", "1", "0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"], ["b", "2", "9999-12-31", "9999-12-31T23:59:59.999999Z", "2020-01-01"]]
        rows[1][4] += "T00:00:00Z"
        file = written(made.folder / "times.csv", ["code", "from", "day", "seen", "made"], rows)
        made.run("register", "odd", file, "--model-version", "v1", "--promote")
        equal(fetched(made, "select code, day, seen, predicted_at from odd order by code"), [("a", "0001-01-01", "0001-01-01T00:00:00.000000Z", "0001-01-01T00:00:00.000000Z"),
               ("b", "9999-12-31", "9999-12-31T23:59:59.999999Z", "2020-01-01T00:00:00.000000Z")])
        made.run("verify")
    with check("a prediction of tomorrow is refused"):
        file = written(made.folder / "times.csv", ["code", "from", "day", "seen", "made"], [["a", "1", "", "", "9999-12-31T00:00:00Z"]])
        done = made.try_out("register", "odd", file, "--model-version", "v2")
        equal((done.returncode, "after the moment of registering" in done.stderr, "hint: " in done.stderr), (1, True, True), done.stderr)
    with check("--at and --predicted-at at both ends"):
        base = loop.make(binary, scratch / "ends")
        words = ["register", "eta", base.folder / "monday.csv", "--model-version", "v1"]
        base.run(*words, "--at", "0001-01-01", "--promote")
        equal(fetched(base, "select distinct valid_from from eta"), [("0001-01-01T00:00:00.000000Z",)])
        base.run("build")
        refused(base, "look-ahead", *words, "--batch", "b", "--at", "9999-12-31")
        refused(base, "look-ahead", *words, "--batch", "b", "--at", "2024-05-01", "--predicted-at", "2024-05-02")
        base.run(*words, "--batch", "b", "--at", "2024-05-01", "--predicted-at", "0001-01-01")
        for text in ("10000-01-01", "-0001-01-01", "2024-02-30", "tomorrow"):
            refused(base, "unreadable-time", *words, "--batch", "c", f"--at={text}")


def changed_outputs(binary, scratch):
    base = loop.live(loop.make(binary, scratch / "changed"))
    columns = "columns: [{name: minutes, type: float64, not_null: true}, {name: note, type: string}]"

    def with_columns(folder, text):
        made = base.copy(scratch / folder)
        path = made.folder / "features" / "all.yml"
        equal(columns in path.read_text(), True)
        path.write_text(path.read_text().replace(columns, text))
        return made

    with check("a column added: older batches have no value for it"):
        made = with_columns("added", columns[:-1] + ", {name: risk, type: int64}]")
        made.run("publish")
        equal(fetched(made, "select count(*), count(risk) from eta"), [(loop.ROWS, 0)])
        made.run("build")
    with check("a column added that must have a value is refused, where it is defined"):
        made = with_columns("required", columns[:-1] + ", {name: risk, type: int64, not_null: true}]")
        for words in (["publish"], ["register", "eta", made.folder / "wednesday.csv", "--model-version", "v2"]):
            equal("features/all.yml:" in refused(made, "added-column", *words), True)
    with check("a column renamed with `was:` keeps its values, and its old name"):
        made = with_columns("renamed", columns.replace("{name: minutes,", "{name: late, was: minutes,"))
        made.run("publish")
        equal(fetched(made, "select count(*) from eta where late = minutes"), [(loop.ROWS,)])
        made.run("build")
        file = made.folder / "late.csv"
        file.write_text("shipment_id,late,note\n3,1.5,\n")
        made.run("register", "eta", file, "--model-version", "v1")
        equal(fetched(made, "select late from eta where shipment_id = 3"), [(1.5,)])
    with check("a column renamed without `was:`, dropped or retyped is refused with the way out"):
        for rule, text in {
            "dropped-column": columns.replace(", {name: note, type: string}", ""),
            "retyped-column": columns.replace("float64", "int64"),
        }.items():
            made = with_columns(rule, text)
            equal("features/all.yml:" in refused(made, rule, "publish"), True)
    with check("an output renamed begins anew, and the old one's relations stay"):
        made = base.copy(scratch / "output renamed")
        path = made.folder / "features" / "all.yml"
        path.write_text(path.read_text().replace("name: eta\n", "name: arrival\n").replace("output: eta", "output: arrival").replace("module: eta", "module: arrival"))
        before = made.relations()
        made.run("build")
        found = made.relations()
        equal([found[name] for name in ("eta", "eta__history", "eta__all")], [before[name] for name in ("eta", "eta__history", "eta__all")])
        equal(fetched(made, "select count(*) from arrival"), [(0,)])
    with check("an output whose name a table has that was not built here"):
        made = loop.make(binary, scratch / "foreign")
        with contextlib.closing(sqlite3.connect(made.warehouse)) as database:
            for name in ("eta", "eta__history", "eta__all"):
                database.execute(f"drop table if exists {name}")
            database.execute("delete from gangway__built where relation like 'eta%'")
            database.execute("create table eta (theirs)")
            database.commit()
        refused(made, "foreign-relation", "register", "eta", made.folder / "monday.csv", "--model-version", "v1")
        equal(fetched(made, "select count(*) from eta"), [(0,)])


def contradictions(binary, scratch):
    base = loop.make(binary, scratch / "contradictions")
    path = base.folder / "features" / "all.yml"
    other = "  - {name: other, spine: {module: bookings, as_of: {column: booked, unit: s}}, features: [service]}\noutputs:"
    path.write_text(path.read_text().replace(", said]", "]").replace("outputs:", other).replace("columns: [{name: minutes", "model: late\n    columns: [{name: minutes"))
    plain = ["register", "eta", base.folder / "monday.csv", "--model-version"]
    with check("what comes before anything is registered"):
        refused(base, "unknown-version", "promote", "eta", "v1")
        refused(base, "unknown-batch", "withdraw", "eta", "--batch", "monday")
        refused(base, "unknown-output", "withdraw", "etta", "--batch", "monday")
    for name in ("late", "other"):
        base.run("export", name, "--out", base.folder / f"{name}.zip")
    with check("a model of another training set"):
        for trained in ("other@1", base.folder / "other.zip"):
            equal("features/all.yml:" in refused(base, "other-training-set", *plain, "v1", "--trained-on", trained), True)
        refused(base, "file-access", *plain, "v1", "--trained-on", base.folder / "none.zip")
        refused(base, "archive-library", *plain, "v1", "--scored-from", base.folder / "monday.csv")
    with check("a fact that was said otherwise"):
        base.run(*plain, "v1", "--batch", "monday", "--at", "2024-05-01", "--trained-on", base.folder / "late.zip", "--meta", "a=1", "--promote")
        refused(base, "contradiction", *plain, "v1", "--meta", "a=2")
        base.run(*plain, "v1", "--batch", "monday", "--meta", "a=1", "--meta", "b=2")
        refused(base, "contradiction", *plain, "v1", "--meta", "b=3")
    with check("withdrawing twice, or too early"):
        refused(base, "withdrawn-before", "withdraw", "eta", "--batch", "monday", "--at", "2024-04-30")
        base.run("withdraw", "eta", "--batch", "monday", "--at", "2024-05-03")
        before = base.relations()
        equal("nothing to withdraw" in base.run("withdraw", "eta", "--batch", "monday"), True)
        equal(base.relations(), before)
    with check("a batch that takes the place of another before that was there"):
        other = ["register", "eta", base.folder / "tuesday.csv", "--model-version", "v1", "--batch", "monday"]
        refused(base, "replaced-before", *other, "--at", "2024-04-30")
    with check("one batch name under two versions"):
        base.run(*plain, "v1", "--batch", "twin", "--at", "2024-05-04")
        base.run(*plain, "v2", "--batch", "twin", "--at", "2024-05-04")
        refused(base, "ambiguous-batch", "withdraw", "eta", "--batch", "twin")
        base.run("withdraw", "eta", "--batch", "twin", "--model-version", "v2")
    graduated(base, path, plain)


def graduated(base, path, plain):
    path.write_text(path.read_text().replace("model: late", "model: late\n    graduated: {relation: prod, since: 2024-06-01}"))
    with check("an output that has graduated takes no batches and no versions"):
        refused(base, "graduated", *plain, "v3")
        refused(base, "graduated", "promote", "eta", "v1")
        refused(base, "reserved-name", *plain, "production")
    with check("its production table is missing, or not as it should be: said where it is named"):
        tables = {
            "missing-relation": [],
            "missing-column": ["create table prod (shipment_id integer, eta real, note text)"],
            "value-misfit": ["drop table prod", "create table prod (shipment_id integer, minutes real, note text)", "insert into prod values (1, 'soon', null)"],
            "duplicate-row": ["delete from prod", "insert into prod values (1, 1, null), (1, 2, null)"],
            "unknown-entities": ["delete from prod", "insert into prod values (99999, 1, null)"],
        }
        for rule, statements in tables.items():
            change(base, *statements)
            equal("features/all.yml:" in refused(base, rule, "build", "eta"), True)
    with check("and is shown when it is"):
        change(base, "delete from prod", "insert into prod values (1, 2.5, 'x')")
        base.run("build", "eta")
        equal(fetched(base, "select minutes, model_version, valid_from from eta where shipment_id = 1"), [(2.5, "production", "2024-06-01T00:00:00.000000Z")])


def change(made, *statements):
    with contextlib.closing(sqlite3.connect(made.warehouse)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def older_store(binary, scratch):
    base = loop.make(binary, scratch / "older")
    base.run("export", "late", "--out", base.folder / "training.zip")
    with contextlib.closing(sqlite3.connect(base.store / "catalog.sqlite")) as catalog:
        catalog.executescript(
            "drop table store; drop table output_batch; drop table output_event; drop table model_version; alter table training_set drop column vintage;"
            "pragma user_version = 3")
    (base.store / "catalog.sqlite.sha256").unlink()
    words = ["register", "eta", base.folder / "monday.csv", "--model-version", "v1"]
    with check("the catalog of an older gangway is migrated, and a copy of it kept"):
        base.run(*words, "--promote")
        equal(fetched(base, "select count(*) from eta"), [(loop.ROWS,)])
        equal((base.store / "catalog.sqlite.schema3").exists(), True)
        base.run("verify")
    with check("how far its training sets know the world is noted when they are made again"):
        refused(base, "unknown-vintage", *words, "--trained-on", "late@1")
        base.run("export", "late@1", "--out", base.folder / "again.zip")
        base.run(*words, "--trained-on", "late@1")


def main(binary):
    with tempfile.TemporaryDirectory() as scratch:
        for part in (odd_columns, odd_names, odd_times, changed_outputs, contradictions, older_store):
            part(binary, pathlib.Path(scratch))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
