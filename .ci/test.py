#!/usr/bin/env python3
"""All of the project's checks, in the order in which they are cheapest to fail. The last line is 'N passed, N failed'.

A test run that runs no test exits with 0, so the tests are counted in the file that it writes.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
SWIFT = shlex.split(os.environ.get("SWIFT", "swift"))
REPORT = ROOT / ".build" / "tests.xml"
MINUTES = 50

passed = failed = 0


def count(what, good, bad):
    global passed, failed
    passed, failed = passed + good, failed + bad
    print(f"{'ok  ' if bad == 0 else 'FAIL'} {what}", flush=True)


def run(*words, folder=ROOT, **options):
    print("$", shlex.join(map(str, words)), flush=True)
    return subprocess.run([str(word) for word in words], cwd=folder, timeout=60 * MINUTES, **options)


def step(what, *words, folder=ROOT):
    """Whether a command succeeds, as one check."""
    succeeded = run(*words, folder=folder).returncode == 0
    count(what, succeeded, not succeeded)
    return succeeded


def finish():
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def tests():
    """The package's tests; each counts."""
    reports = [REPORT, REPORT.with_name("tests-swift-testing.xml")]
    for report in reports:
        report.unlink(missing_ok=True)
    ended = run(*SWIFT, "test", "--skip-build", "--xunit-output", REPORT).returncode
    suites = [suite for report in reports if report.exists() for suite in xml.parse(report).getroot().iter("testsuite")]
    total, bad = (sum(int(suite.get(what) or 0) for suite in suites) for what in ("tests", "failures"))
    bad += sum(int(suite.get("errors") or 0) for suite in suites)
    if total == 0:
        return count("tests: none ran", 0, 1)
    if ended != 0 and bad == 0:                  # a crash: what ran until then proves little
        return count(f"tests: the run ended with {ended}", 0, 1)
    count(f"tests: {total} ran", total - bad, bad)


def read_from_outside(what, folder, *words):
    """Counts what a verify.py says of an archive."""
    told = run(sys.executable, *words, folder=folder, stdout=subprocess.PIPE, text=True)
    print(told.stdout, end="")
    summary = re.search(r"(\d+) passed, (\d+) failed\s*$", told.stdout)
    if summary is None:
        return count(f"{what}: archive read from outside", 0, 1)
    good, bad = map(int, summary.groups())
    count(f"{what}: archive read from outside", good, bad)


def sample(binary):
    """The sample project, with fewer shipments than `make demo`: all of it, then every feature again from the raw tables."""
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch)
        shutil.copy(ROOT / "gangway.yml", project)
        shutil.copytree(ROOT / "features", project / "features", ignore=shutil.ignore_patterns("__pycache__"))
        archive = project / "eta.zip"
        for what, words in {
            "sample: data": (binary, "sample", "freight", "freight.sqlite", "--shipments", "5000"),
            "sample: check before anything is built": (binary, "check"),
            "sample: build": (binary, "build"),
            "sample: check": (binary, "check"),
            "sample: export": (binary, "export", "eta", "--out", archive),
        }.items():
            if not step(what, *words, folder=project):
                return
        read_from_outside("sample", project, "features/verify.py", archive, "freight.sqlite")


def commuter(binary):
    """The small example, from raw tables to an archive that Python's own zipfile and csv open, checked value by value."""
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch) / "commuter"
        shutil.copytree(
            ROOT / "examples" / "commuter", project,
            ignore=shutil.ignore_patterns("*.sqlite*", ".gangway", "notebooks-export", "__pycache__"))
        archive = project / "lateness.zip"
        for what, words in {
            "commuter: data": (sys.executable, "make_data.py", "commuter.sqlite"),
            "commuter: check": (binary, "-C", project, "check"),
            "commuter: build": (binary, "-C", project, "build"),
            "commuter: materialize": (binary, "-C", project, "materialize"),
            "commuter: export": (binary, "-C", project, "export", "lateness", "--out", archive),
        }.items():
            if not step(what, *words, folder=project):
                return
        read_from_outside("commuter", project, "verify.py", archive, "commuter.sqlite")


step("formatting", *SWIFT, "format", "lint", "--strict", "--recursive", "Sources", "Tests", "Package.swift")
if not step("build", *SWIFT, "build", "--build-tests"):
    finish()
tests()
binary_folder = run(*SWIFT, "build", "--show-bin-path", stdout=subprocess.PIPE, text=True).stdout.strip()
binary = pathlib.Path(binary_folder) / "gangway"
sample(binary)
commuter(binary)
finish()
