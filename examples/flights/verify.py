#!/usr/bin/env python3
"""Opens an exported `late_arrival` archive and sees whether it says what the flights of 2013 say.

    python3 verify.py [ARCHIVE.zip]        default: the newest under notebooks-export/late_arrival

Standard library only. Exits with 1 when a number is off. The last lines matter most: a feature that had peeked at the future
would be far closer to the label (an average by *scheduled* time over the same three hours reaches 0.61).
"""
import csv
import io
import math
import pathlib
import sys
import zipfile

FLIGHTS = 336_776
ROWS = {"train.csv": 252_433, "validation.csv": 28_841, "test.csv": 55_403}
LEFT_OUT = 99                                   # landed only after the next part of the split had begun
PRESENT = {
    "queue__lateness_mean_3h": 302_460,
    "route_form__lateness_mean_7d": 335_788,
    "last_leg__minutes_late_on": 243_013,
}
CORRELATION = {"punctuality__lateness_mean_24h": 0.219, "punctuality__lateness_mean_3h": 0.086}
LABEL = "minutes_late_on"


class Correlation:
    """Pearson's, in one pass over the rows that have both values."""

    def __init__(self):
        self.n = 0
        self.x = self.y = self.xx = self.yy = self.xy = 0.0

    def add(self, x, y):
        self.n += 1
        self.x, self.y = self.x + x, self.y + y
        self.xx, self.yy, self.xy = self.xx + x * x, self.yy + y * y, self.xy + x * y

    @property
    def value(self):
        spread = (self.n * self.xx - self.x**2) * (self.n * self.yy - self.y**2)
        return (self.n * self.xy - self.x * self.y) / math.sqrt(spread) if spread > 0 else math.nan


def newest(folder):
    found = sorted(folder.glob("late_arrival-*.zip"), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit(f"verify.py: no archive in {folder}; run `gangway export late_arrival` first")
    return found[-1]


def read(path):
    rows, present = {}, dict.fromkeys(PRESENT, 0)
    correlations = {name: Correlation() for name in CORRELATION}
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged:
            sys.exit(f"verify.py: {damaged} in {path} is damaged")
        for member in ROWS:
            count = 0
            with archive.open(member) as stream:
                for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8", newline="")):
                    count += 1
                    for name in PRESENT:
                        present[name] += row[name] != ""
                    if row[LABEL] != "":
                        for name, correlation in correlations.items():
                            if row[name] != "":
                                correlation.add(float(row[name]), float(row[LABEL]))
            rows[member] = count
    return rows, present, {name: correlation.value for name, correlation in correlations.items()}


def main():
    here = pathlib.Path(__file__).resolve().parent
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else newest(here / "notebooks-export" / "late_arrival")
    rows, present, correlations = read(path)
    checks = [(f"rows in {member}", rows[member], want) for member, want in ROWS.items()]
    checks.append(("rows left out", FLIGHTS - sum(rows.values()), LEFT_OUT))
    checks += [(f"{name} is there", present[name], want) for name, want in PRESENT.items()]
    checks += [(f"{name} correlates with the label", round(correlations[name], 3), want) for name, want in CORRELATION.items()]
    print(path)
    off = 0
    for what, have, want in checks:
        off += have != want
        print(f"  {'ok ' if have == want else 'OFF'} {what}: {have:,}" + ("" if have == want else f", not {want:,}"))
    print(f"{len(checks) - off} passed, {off} failed")
    return 1 if off else 0


sys.exit(main())
