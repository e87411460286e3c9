#!/usr/bin/env python3
"""Ctrl-C at any moment of an export: the command says so, ends with 130, and everything is as it was before.

usage: interrupted.py BINARY PROJECT SET [TIMES]    (the project was built)
"""
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import checks
from checks import check, equal


def files(project):
    """What an export might leave: the store's files but its catalog and locks, and what it exports."""
    store = [path for path in (project / ".gangway").glob("**/*") if path.name.startswith("scratch-") or path.suffix in (".new", ".partial")]
    exported = [path for path in (project / "notebooks-export").glob("**/*") if path.is_file()]
    return sorted(str(path.relative_to(project)) for path in store + exported)


def main(binary, source, name, times="12"):
    binary, draw = pathlib.Path(binary).resolve(), random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch) / "project"
        shutil.copytree(source, project, ignore=shutil.ignore_patterns(".gangway", "notebooks-export", "*.zip"))
        started = time.monotonic()
        subprocess.run([binary, "-C", project, "--quiet", "export", name, "--fresh", "--out", "whole.zip"], check=True)
        length = time.monotonic() - started
        interrupted = 0
        for number in range(int(times)):
            with check(f"interrupted {number}"):
                moment = draw.uniform(0.02, length)
                words = [binary, "-C", project, "export", name, "--fresh", "--format", draw.choice(["zip", "tar.zst", "folder"])]
                process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                time.sleep(moment)
                process.send_signal(signal.SIGINT)
                said = process.communicate(timeout=60)[1]
                # Before it watches, or when it was done already, nothing is to be said.
                equal(process.returncode in (130, 0, -signal.SIGINT), True, f"exit {process.returncode}: {said}")
                if process.returncode == 130:
                    interrupted += 1
                    equal("interrupted: everything is as it was before" in said, True, said)
                if process.returncode != 0:
                    equal(files(project), [], "left behind")
                else:
                    shutil.rmtree(project / "notebooks-export")
        with check("some were interrupted in the middle"):
            equal(interrupted > 0, True)
        with check("the store is whole, and the next export needs no help"):
            subprocess.run([binary, "-C", project, "--quiet", "verify"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([binary, "-C", project, "--quiet", "export", name, "--out", "again.zip"], check=True, stdout=subprocess.DEVNULL)
            equal((project / "again.zip").read_bytes() == (project / "whole.zip").read_bytes(), True)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
