#!/usr/bin/env python3
"""A bit flipped anywhere in a snapshot: an export refuses and names the segment, or never looked at it; verify always finds it.

usage: flipped_bits.py BINARY PROJECT SET [TIMES]    (the project was built)
"""
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import checks
from checks import check, equal


def run(binary, project, *words):
    return subprocess.run([binary, "-C", project, "--quiet", *words], capture_output=True, text=True, timeout=120)


def place(draw, number, length):
    """Anywhere, and often where a file describes itself: at its beginning or end."""
    ends = [draw.randrange(min(600, length)), length - 1 - draw.randrange(min(3_000, length))]
    return draw.randrange(length) if number % 3 else draw.choice(ends)


def main(binary, source, name, times="18"):
    binary, draw = pathlib.Path(binary).resolve(), random.Random(3)
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch) / "project"
        shutil.copytree(source, project, ignore=shutil.ignore_patterns(".gangway", "notebooks-export", "*.zip"))
        equal(run(binary, project, "export", name, "--out", "whole.zip").returncode, 0)
        wanted = (project / "whole.zip").read_bytes()
        segments = sorted((project / ".gangway" / "segments").iterdir())
        refused = 0
        for number in range(int(times)):
            segment = draw.choice(segments)
            whole = segment.read_bytes()
            damaged = bytearray(whole)
            at, bit = place(draw, number, len(whole)), draw.randrange(8)
            damaged[at] ^= 1 << bit
            segment.write_bytes(damaged)
            with check(f"bit {bit} of byte {at} of {len(whole)} in {segment.name[:8]}"):
                exported = run(binary, project, "export", name, "--frozen", "--out", "again.zip")
                equal(exported.returncode in (0, 1), True, exported.stderr)
                if exported.returncode == 1:
                    refused += 1
                    equal(segment.name in exported.stderr, True, exported.stderr)
                else:
                    equal((project / "again.zip").read_bytes() == wanted, True, "a wrong answer")
                verified = run(binary, project, "verify")
                equal((verified.returncode, segment.name in verified.stdout + verified.stderr), (1, True), verified.stdout)
            segment.write_bytes(whole)
        with check("most were refused by the export already"):
            equal(refused > int(times) / 2, True, f"{refused} of {times}")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(*sys.argv[1:]))
