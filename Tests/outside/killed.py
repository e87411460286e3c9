#!/usr/bin/env python3
"""kill -9 at any instant of the commands that close the loop: they are as if they had not been, or as if they had ended.

usage: killed.py BINARY [--kills N] [--seed N]

After each kill the store is whole, a batch is there entirely or not at all, and the next command, whichever it is, brings the warehouse to
what it would be had nothing been killed.
"""
import argparse
import fcntl
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

import checks
import small_loop as loop
from checks import check, equal

OUTPUT = ("eta", "eta__history", "eta__all")
VIEW = ("service", "service__history")

# What is killed, in which project, and whether more than the output is brought up to date by it.
CASES = {
    "register": ("live", ["register", "eta", "{}/wednesday.csv", "--model-version", "v2", "--batch", "wednesday", "--at", "2024-05-04"]),
    "register the first": ("new", ["register", "eta", "{}/monday.csv", "--model-version", "v1", "--at", "2024-05-04", "--promote"]),
    "register instead": ("live", ["register", "eta", "{}/thursday.csv", "--model-version", "v1", "--batch", "monday", "--at", "2024-05-04"]),
    "promote": ("live", ["promote", "eta", "v2", "v1", "--at", "2024-05-04"]),
    "withdraw": ("live", ["withdraw", "eta", "--batch", "monday", "--at", "2024-05-04"]),
    "publish": ("anew", ["publish"]),
    "build": ("live", ["build"]),
    "observe": ("live", ["observe", "--at", "2024-05-04"]),
    "materialize": ("live", ["materialize"]),
    "export": ("live", ["export", "late", "--for", "scoring", "--out", "{}/scoring.zip"]),
}
NEXT = {"build": [["build"]], "publish": [["publish"]], "export": [["export", "late", "--out", "{}/next.zip"]]}
END = [["materialize"], *NEXT["export"]]


class Case:
    """One command, with what it leads to when nothing is killed."""

    def __init__(self, what, projects, scratch):
        base, self.words = CASES[what]
        self.what, self.base, self.scratch = what, projects[base], scratch
        self.before = Look(self.base)
        self.ended = self.base.copy(scratch / f"ended {what}")
        self.seconds = min(self.once(self.base.copy(scratch / "timed")) for _ in range(2))
        run(self.ended, self.words)
        self.after = Look(self.ended)
        self.nexts = {}

    def once(self, project):
        started = time.monotonic()
        run(project, self.words)
        seconds = time.monotonic() - started
        shutil.rmtree(project.folder)
        return seconds

    def next(self, name, has_ended):
        """What the warehouse is after this command, had it not been or had it ended, and the next one."""
        if (name, has_ended) not in self.nexts:
            project = (self.ended if has_ended else self.base).copy(self.scratch / "next")
            run(project, *(NEXT.get(name) or END))
            self.nexts[name, has_ended] = Look(project)
            if name not in ("build", "publish"):
                self.nexts[name, has_ended].archive = zipped(project, "next.zip")
            shutil.rmtree(project.folder)
        return self.nexts[name, has_ended]

    def kill(self, project, cue, pause):
        """Kills it so long after a cue. - Returns: whether it was still at work."""
        process = subprocess.Popen(
            project.words(*fill(project, self.words)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        CUES[cue](project, process)
        time.sleep(pause * self.seconds)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL

    def examine(self, project, next_name):
        """- Returns: whether the command had done its work."""
        found = project.relations()
        equal(is_held(project), False, "a lock is held")
        alone = [(name,) for name in found if self.is_of_output or name != "gangway__catalog"]
        for names in (OUTPUT, VIEW, *alone):
            pick = [found.get(name) for name in names]
            equal(pick in [[side.relations.get(name) for name in names] for side in (self.before, self.after)], True, f"{names} are mixed")
        project.run("verify")
        batches = project.batches()
        equal(batches in (self.before.batches, self.after.batches), True, f"batches: {batches}")
        has_ended = batches == self.after.batches != self.before.batches
        run(project, *(NEXT.get(next_name) or [self.words]))
        if next_name == "export":
            if self.is_of_output:
                equal(zipped(project, "next.zip"), self.next(next_name, has_ended).archive, "the archive")
        else:
            wanted = (self.after if next_name == "again" else self.next(next_name, has_ended)).relations
            found = project.relations()
            for name in wanted if self.is_of_output or next_name == "build" else OUTPUT:
                equal(found.get(name), wanted.get(name), f"{name}, after {next_name}")
        equal(project.leftovers(), [], "left behind")
        return has_ended

    @property
    def is_of_output(self):
        """It is all or nothing. Of other commands parts may have been done."""
        return self.before.batches != self.after.batches

    def end(self, project):
        """In the end it is as if nothing had happened."""
        run(project, self.words)
        found = project.relations()
        for name in found if self.what == "build" else OUTPUT:
            equal(found.get(name), self.after.relations.get(name), f"{name}, in the end")
        if self.what == "export":
            equal(zipped(project, "scoring.zip"), zipped(self.ended, "scoring.zip"))
        run(project, *END)
        equal(zipped(project, "next.zip"), self.next("end", True).archive, "the archive, in the end")
        project.run("gc")
        project.run("verify")


def vanished(path, process):
    """Waits until a file that was there is not, or all is over."""
    while not path.exists() and process.poll() is None:
        pass
    while path.exists() and process.poll() is None:
        pass


CUES = {
    "it was started": lambda project, process: None,
    "it began to change the catalog": lambda project, process: vanished(project.store / "catalog.sqlite.sha256", process),
    "it changed the warehouse": lambda project, process: vanished(project.folder / "warehouse.sqlite-journal", process),
}


class Look:
    def __init__(self, project):
        self.relations, self.batches = project.relations(), project.batches()


def fill(project, words):
    return [word.replace("{}", str(project.folder)) for word in words]


def run(project, *commands):
    for words in commands:
        project.run(*fill(project, words))


def zipped(project, name):
    """The rows of an archive. Its manifest tells when what was read became known, which is now where a module is observed."""
    with zipfile.ZipFile(project.folder / name) as archive:
        return archive.read("data.csv")


def is_held(project):
    for name in ("writer.lock", "readers.lock"):
        path = project.store / name
        if path.exists():
            with open(path, "rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return True
    return False


def made(binary, scratch):
    """The project before anything is registered, in use, and in use with a warehouse that was made anew."""
    new = loop.make(binary, scratch / "new")
    live = loop.live(new.copy(scratch / "live"))
    shutil.rmtree(new.store)
    anew = live.copy(scratch / "anew")
    shutil.copy(new.warehouse, anew.warehouse)
    return {"new": new, "live": live, "anew": anew}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        projects = made(options.binary, scratch)
        cases = [Case(what, projects, scratch) for what in CASES]
        counts = {"killed": 0, "ended": 0, "not": 0}
        for number in range(options.kills):
            case = cases[number % len(cases)]
            # Half of them where it commits.
            cue = draw.choice(list(CUES) if draw.random() < 0.7 else list(CUES)[:1])
            pause = draw.random() ** (1 if cue == "it was started" else 2) / (1 if cue == "it was started" else 4)
            next_name = draw.choice([*NEXT, "again"])
            with check(f"{number}: {case.what}, killed {1000 * pause * case.seconds:.1f} ms after {cue}, then {next_name}"):
                project = case.base.copy(scratch / "hurt")
                try:
                    counts["killed"] += case.kill(project, cue, pause)
                    counts["ended" if case.examine(project, next_name) else "not"] += 1
                    if number % 4 == 0:
                        case.end(project)
                finally:
                    shutil.rmtree(project.folder)
        with check(f"most were killed at work, before and after they had done it: {counts}"):
            equal(counts["killed"] > options.kills / 2 and counts["ended"] > 0 and counts["not"] > 0, True)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
