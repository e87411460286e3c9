#!/usr/bin/env python3
"""Commands at the same time, files that somebody else holds, disks that are full: refused with a way out, and nothing is mixed.

usage: contested.py BINARY
"""
import contextlib
import fcntl
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

import checks
import small_loop as loop
from checks import check, equal

WEDNESDAY = ["register", "eta", "{}/wednesday.csv", "--model-version", "v2", "--batch", "wednesday", "--at", "2024-05-04"]
THURSDAY = ["register", "eta", "{}/thursday.csv", "--model-version", "v3", "--batch", "thursday", "--at", "2024-05-05", "--promote"]
PROMOTE = ["promote", "eta", "v2", "--at", "2024-05-04"]
BUSY = 75


def fill(project, words):
    return [word.replace("{}", str(project.folder)) for word in words]


def start(project, words):
    return subprocess.Popen(
        project.words(*fill(project, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def outcome(process):
    said, complaint = process.communicate(timeout=60)
    return process.returncode, said + complaint


def together(project, *commands):
    """Runs them at the same time."""
    return [outcome(process) for process in [start(project, words) for words in commands]]


def one_after_another(base, folder, *commands):
    project = base.copy(folder)
    for words in commands:
        project.run(*fill(project, words))
    return project.relations()


def same(found, wanted, names=None):
    for name in names or wanted:
        equal(found.get(name), wanted[name], name)


OUTPUT = ("eta", "eta__history", "eta__all")


def at_once(base, scratch):
    with check("two registers at once are both there"):
        project = base.copy(scratch / "registers")
        for code, said in together(project, WEDNESDAY, THURSDAY):
            equal(code, 0, said)
        # Batches that count at different times are the same in either order, but for the order of their rows.
        same(project.relations(), one_after_another(base, scratch / "in turn", WEDNESDAY, THURSDAY), OUTPUT)
        project.run("verify")
    with check("the same register twice at once is one batch"):
        project = base.copy(scratch / "twice")
        before = len(project.batches()[0])
        for code, said in together(project, WEDNESDAY, WEDNESDAY):
            equal(code, 0, said)
        equal(len(project.batches()[0]), before + 1)
    with check("a build during a register has all of the batch or none"):
        project = base.copy(scratch / "build")
        for code, said in together(project, THURSDAY, ["build"]):
            equal(code, 0, said)
        found = project.relations()
        sides = [
            one_after_another(base, scratch / "build first", ["build"], THURSDAY),
            one_after_another(base, scratch / "build last", THURSDAY, ["build"]),
        ]
        same(found, sides[0], OUTPUT)
        equal(found["board"] in [side["board"] for side in sides], True, "the mart")
    with check("a promote during a build"):
        project = base.copy(scratch / "promote")
        for code, said in together(project, ["build"], PROMOTE):
            equal(code, 0, said)
        project.run("build")
        same(project.relations(), one_after_another(base, scratch / "promote first", PROMOTE, ["build"]))
    with check("a register during an export: the rows are those of one moment"):
        project = base.copy(scratch / "export")
        ways = []
        for name, words in (("before", []), ("after", THURSDAY)):
            way = base.copy(scratch / f"export {name}")
            if words:
                way.run(*fill(way, words))
            ways.append(exported(way))
        for code, said in together(project, ["export", "late", "--out", "{}/x.zip"], THURSDAY):
            equal(code, 0, said)
        equal(member(project, "x.zip") in ways, True, "the archive is of neither moment")


def exported(project):
    project.run("export", "late", "--out", project.folder / "x.zip")
    return member(project, "x.zip")


def member(project, name):
    return zipfile.ZipFile(project.folder / name).read("data.csv")


def held(base, scratch):
    """What somebody else holds."""
    with check("a command that waits counts from when it got its turn, not from when it was started"):
        project = base.copy(scratch / "turn")
        with open(project.store / "writer.lock", "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            waiting = start(project, ["register", "eta", "{}/wednesday.csv", "--model-version", "v2"])
            time.sleep(2)
            released = time.time()
        code, said = outcome(waiting)
        equal(code, 0, said)
        newest = project.batches()[0][-1]
        since = sqlite3.connect(project.store / "catalog.sqlite").execute("select max(recorded_at) from output_event").fetchone()[0]
        equal(since >= released * 1e6, True, f"{newest} before {released}")
    with check("a register that waits for its input holds nobody up"):
        project = base.copy(scratch / "input")
        words = [{"{}/wednesday.csv": "-"}.get(word, word) for word in WEDNESDAY]
        waiting = subprocess.Popen(
            project.words(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        text = (project.folder / "wednesday.csv").read_text()
        waiting.stdin.write(text[:100])
        waiting.stdin.flush()
        time.sleep(1)
        project.run("materialize")
        equal(waiting.poll(), None)
        _, complaint = waiting.communicate(text[100:], timeout=60)
        equal(waiting.returncode, 0, complaint)
        same(project.relations(), one_after_another(base, scratch / "input in a file", WEDNESDAY), OUTPUT)
        equal(project.leftovers(), [], "left behind")
    with check("input that cannot be read is told with its reason, and leaves nothing"):
        project = base.copy(scratch / "folder as input")
        descriptor = os.open(project.folder, os.O_RDONLY)
        words = [{"{}/wednesday.csv": "-"}.get(word, word) for word in WEDNESDAY]
        ended = subprocess.run(project.words(*words), stdin=descriptor, capture_output=True, text=True)
        os.close(descriptor)
        equal((ended.returncode, "standard input\": Is a directory [file-access]" in ended.stderr), (1, True), ended.stderr)
        equal(project.leftovers(), [], "left behind")
    with check("a lock is told with its holder"):
        project = base.copy(scratch / "lock")
        with open(project.store / "writer.lock", "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            file.write("build, process 1, since then\n")
            file.flush()
            for code, said in together(project, WEDNESDAY, ["promote", "eta", "v2"], ["withdraw", "eta", "--batch", "monday"], ["publish"], ["build"]):
                equal((code, "in use by build, process 1, since then" in said), (BUSY, True), said)
    for words in (WEDNESDAY, PROMOTE, ["withdraw", "eta", "--batch", "monday", "--at", "2024-05-04"], ["build"]):
        with check(f"{words[0]} while somebody holds the warehouse changes nothing, and goes on afterwards"):
            project = base.copy(scratch / f"held {words[0]}")
            refused(project, words, lambda: exclusively(project.warehouse), (BUSY,), "locked by another program")
            done(base, project, words, scratch)
    with check("register while somebody reads the catalog for long"):
        project = base.copy(scratch / "catalog")
        with contextlib.closing(sqlite3.connect(project.store / "catalog.sqlite", isolation_level=None)) as other:
            other.execute("begin")
            other.execute("select count(*) from output_batch").fetchall()
            project.run(*fill(project, WEDNESDAY))
        project.run("verify")
        done(base, project, WEDNESDAY, scratch)


@contextlib.contextmanager
def exclusively(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("begin exclusive")
        yield
        database.execute("rollback")


def refused(project, words, while_, codes, told):
    """A command that is refused leaves store and warehouse as they were."""
    before = state(project)
    with while_():
        code, said = outcome(start(project, words))
    equal(code in codes and told in said and "hint: " in said, True, f"exit {code}: {said}")
    equal(state(project), before, "changed by a command that was refused")
    equal(project.leftovers(), [], "left behind")
    project.run("verify")


def done(base, project, words, scratch):
    """The same command without the trouble gives what it gives where there was none."""
    project.run(*fill(project, words))
    same(project.relations(), one_after_another(base, scratch / f"plain {project.folder.name}", words))


def disks(base, scratch):
    """Full ones, nearly full ones, and a warehouse that may only be read: where this process may mount them."""
    for where in ("store", "warehouse"):
        for words in (WEDNESDAY, PROMOTE, ["build"]):
            project = base.copy(scratch / f"full {where} {words[0]}")
            with disk(project.folder / "disk") as mounted:
                if not mounted:
                    return print("left out: disks that are full or read-only, which only root can mount")
                project.move(where, project.folder / "disk")
                with check(f"{words[0]} with a full disk under the {where} changes nothing"):
                    refused(project, words, lambda: filled(project.folder / "disk"), (1,), "error: ")
                with check(f"{words[0]} with little room under the {where} does nothing, or all that it should"):
                    little_room(project, words)
                with check(f"{words[0]} goes on when there is room under the {where}"):
                    done(base, project, words, scratch)
    for words in (WEDNESDAY, PROMOTE, ["build"]):
        project = base.copy(scratch / f"read-only {words[0]}")
        with disk(project.folder / "disk"), check(f"{words[0]} with a warehouse that may only be read changes nothing, and goes on afterwards"):
            project.move("warehouse", project.folder / "disk")
            refused(project, words, lambda: read_only(project.folder / "disk"), (1,), "Read-only file system")
            done(base, project, words, scratch)


def little_room(project, words):
    def outputs():
        relations, batches = state(project)
        return [batches, *map(relations.get, OUTPUT)]
    before = outputs()
    for room in (*range(0, 128, 16), 256, 512, 1024, 2048):
        with filled(project.folder / "disk", room * 1024):
            code, said = outcome(start(project, words))
        if code == 0:
            return project.run("verify")
        equal((code, "hint: " in said), (1, True), said)
        equal(outputs(), before, f"{room} KiB: changed")
        project.run("verify")
    raise AssertionError("2 MiB are not enough")


def state(project):
    return (project.relations(), project.batches())


@contextlib.contextmanager
def read_only(folder):
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)


@contextlib.contextmanager
def disk(folder):
    folder.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], stderr=subprocess.DEVNULL).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


@contextlib.contextmanager
def filled(folder, left=0):
    """No room but for some bytes."""
    path = folder / "filler"
    with open(path, "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        file.truncate(max(0, file.tell() - left))
    try:
        yield
    finally:
        path.unlink()


def main(binary):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        base = loop.live(loop.make(binary, scratch / "base"))
        at_once(base, scratch)
        held(base, scratch)
        disks(base, scratch)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
