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
OUTSIDE = ROOT / "Tests" / "outside"
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
    suites = [suite for report in reports for suite in suites_of(report)]
    total, bad = (sum(int(suite.get(what) or 0) for suite in suites) for what in ("tests", "failures"))
    bad += sum(int(suite.get("errors") or 0) for suite in suites)
    if total == 0:
        return count(f"tests: none ran to its end, and the run ended with {ended}", 0, 1)
    if ended != 0 and bad == 0:                  # a crash: what ran until then proves little
        return count(f"tests: the run ended with {ended}", 0, 1)
    count(f"tests: {total} ran", total - bad, bad)


def suites_of(report):
    """What a report tells; of a run that was killed it breaks off."""
    try:
        return list(xml.parse(report).getroot().iter("testsuite")) if report.exists() else []
    except xml.ParseError:
        return []


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
        counted("sample: archive read from outside", sys.executable, "features/verify.py", archive, "freight.sqlite", folder=project)
        if python := readers():
            outside(python, binary, project, "eta")
            counted("sample: rows to score", python, OUTSIDE / "scoring.py", binary, project, "eta")
            counted("sample: the same bytes everywhere", python, OUTSIDE / "same_bytes.py", binary, project, "eta")
            counted("sample: flipped bits", python, OUTSIDE / "flipped_bits.py", binary, project, "eta")
            counted("sample: interrupted", python, OUTSIDE / "interrupted.py", binary, project, "eta")
            counted("sample: the loop", python, OUTSIDE / "loop.py", binary, project)
            counted("sample: published views", python, OUTSIDE / "published.py", binary, project, "eta")
            counted("sample: the notebook", python, OUTSIDE / "notebook.py", binary, project, ROOT / "notebooks-export" / "close_the_loop.ipynb")
            counted("outside: appended rows", python, OUTSIDE / "appends.py", binary)
            counted("outside: lopsided data in little memory", python, OUTSIDE / "lopsided.py", binary)
            counted("outside: killed commands", python, OUTSIDE / "killed.py", binary)
            counted("outside: contested files", python, OUTSIDE / "contested.py", binary)
            counted("outside: odd batches", python, OUTSIDE / "odd_batches.py", binary)


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
        counted("commuter: archive read from outside", sys.executable, "verify.py", archive, "commuter.sqlite", folder=project)
        if python := readers():
            outside(python, binary, project, "lateness")
            counted("outside: the schema for editors", python, OUTSIDE / "check_schema.py", binary)
            odd = pathlib.Path(scratch) / "odd"
            if step("outside: odd values", sys.executable, OUTSIDE / "odd_values.py", odd):
                outside(python, binary, odd, "odd", "--no-croissant")


def counted(what, *words, folder=ROOT):
    """A script that ends with 'N passed, N failed'; each of its checks counts."""
    told = run(*words, folder=folder, stdout=subprocess.PIPE, text=True)
    print(told.stdout, end="")
    summary = re.search(r"(\d+) passed, (\d+) failed\s*$", told.stdout)
    good, bad = map(int, summary.groups()) if summary else (0, 1)
    count(what, good, bad if told.returncode == 0 else max(bad, 1))


def readers():
    """The Python of a virtual environment with all readers, made when their list has changed; None if that fails."""
    folder = ROOT / ".venv-tests"
    wanted = f"# {sys.version}\n" + (OUTSIDE / "requirements.txt").read_text()
    made, python = folder / "made-of.txt", folder / "bin" / "python"
    if made.exists() and made.read_text() == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    is_made = step("outside: an environment", sys.executable, "-m", "venv", folder) and step(
        "outside: its packages", python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check",
        "-r", OUTSIDE / "requirements.txt")
    if not is_made:
        return None
    made.write_text(wanted)
    return python


def outside(python, binary, project, name, *options):
    """A training set in every format, each in a folder of its own, and the store's segments, opened with the readers that people have."""
    archives = []
    for form in ("zip", "tar.gz", "tar.zst", "folder"):
        if not step(f"outside: {name} as {form}", binary, "-C", project, "export", name, "--format", form):
            return
        folder = project / form
        shutil.move(project / "notebooks-export" / name, folder)
        archives += folder.glob(f"*.{form}") if form != "folder" else [path for path in folder.iterdir() if path.is_dir()]
    counted(f"outside: archives of {name}", python, OUTSIDE / "archives.py", *options, *archives)
    counted(f"outside: segments of {name}", python, OUTSIDE / "segments.py", project / ".gangway" / "segments")


step("formatting", *SWIFT, "format", "lint", "--strict", "--recursive", "Sources", "Tests", "Package.swift")
if not step("build", *SWIFT, "build", "--build-tests"):
    finish()
tests()
binary_folder = run(*SWIFT, "build", "--show-bin-path", stdout=subprocess.PIPE, text=True).stdout.strip()
binary = pathlib.Path(binary_folder) / "gangway"
sample(binary)
commuter(binary)
finish()
