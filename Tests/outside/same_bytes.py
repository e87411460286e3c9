#!/usr/bin/env python3
"""One training set, exported under everything that must not matter: zone, language, cores, memory, folder, and made again without a warehouse.

usage: same_bytes.py BINARY PROJECT SET    (the project was built; what is exported goes to a temporary folder)
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import checks
from checks import check, equal

WAYS = {
    "as it is": ({}, []),
    "another zone and language": ({"TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, []),
    "one core": ({}, ["--threads", "1"]),
    "five cores": ({}, ["--threads", "5"]),
    "little memory": ({}, ["--memory", "64M", "--threads", "3"]),
}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(binary, project, *words, **variables):
    subprocess.run([binary, "-C", project, "--quiet", *words], env=os.environ | variables, check=True, stdout=subprocess.DEVNULL)


def segments(project):
    return sorted(path.name for path in (project / ".gangway" / "segments").iterdir())


def main(binary, source, name):
    binary, source = pathlib.Path(binary).resolve(), pathlib.Path(source)
    with tempfile.TemporaryDirectory() as scratch:
        wanted = kept = None
        for number, (way, (variables, words)) in enumerate(WAYS.items()):
            project = pathlib.Path(scratch) / f"a folder {number}" / ("deeper" * number or "p")
            shutil.copytree(source, project, ignore=shutil.ignore_patterns(".gangway", "notebooks-export", "*.zip"))
            with check(f"{name}: {way}"):
                run(binary, project, *words, "export", name, "--out", "out.zip", **variables)
                found = sha256(project / "out.zip"), segments(project)
                wanted = wanted or found
                equal(found, wanted)
            kept = kept or project
        with check(f"{name}: made again when warehouse and definitions are gone"):
            for path in [*kept.glob("*.sqlite*"), kept / "features"]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            run(binary, kept, "export", f"{name}@1", "--out", "again.zip")
            equal(sha256(kept / "again.zip"), wanted[0])
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
