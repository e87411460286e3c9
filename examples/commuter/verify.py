#!/usr/bin/env python3
"""Works out the `lateness` training set a second time, the slow and obvious way, and compares it with an exported archive.

    python3 verify.py [ARCHIVE.zip [WAREHOUSE.sqlite]]     default: the newest archive beside this file, commuter.sqlite

Standard library only: it shares no code with what it verifies. Exits with 1 when a value differs.
"""
import csv
import datetime as dt
import io
import math
import pathlib
import sqlite3
import sys
import zipfile

HOUR, DAY = 3_600, 86_400
PARTS = {"train.csv": (None, "2024-04-08"), "validation.csv": ("2024-04-08", "2024-04-15"), "test.csv": ("2024-04-15", None)}


def seconds(text):
    return int(dt.datetime.strptime(text.rstrip("Z"), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=dt.timezone.utc).timestamp())


def midnight(day):
    return seconds(day + "T00:00:00Z")


class World:
    def __init__(self, path):
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self.trips = {
            trip: (line, train, seconds(due) - 1_800, arrived and seconds(arrived), late)
            for trip, line, train, due, arrived, late in database.execute("select * from raw_trips")}
        self.arrivals_of_line, self.arrivals_of_train = {}, {}
        for line, train, _, arrived, late in self.trips.values():
            if arrived is not None:
                self.arrivals_of_line.setdefault(line, []).append((arrived, late))
                self.arrivals_of_train.setdefault(train, []).append((arrived, late))
        self.start = dict(database.execute("select line, start from raw_lines"))
        self.rain = [(place, seconds(hour), mm) for place, hour, mm in database.execute("select * from raw_rain")]
        self.counts = [
            (line, midnight(day) + DAY, seconds(published), passengers)
            for line, day, passengers, published in database.execute("select * from raw_passengers")]
        self.trains = {train: (built, seats) for train, built, seats in database.execute("select * from raw_trains")}

    def features(self, trip):
        """What was known when the trip was asked about, from nothing but the raw rows."""
        line, train, now, _, _ = self.trips[trip]
        of_line = self.arrivals_of_line.get(line, [])
        three_hours = [late for arrived, late in of_line if now - 3 * HOUR < arrived <= now]
        week = [late for arrived, late in of_line if now - 7 * DAY < arrived <= now]
        last = max(((arrived, late) for arrived, late in self.arrivals_of_train.get(train, []) if arrived <= now), default=None)
        wet = max(((h, mm) for p, h, mm in self.rain if p == self.start[line] and h + 600 <= now), default=None)
        # Of each day the version that was out by now; of the days, the newest.
        day = max(((end, out, n) for ln, end, out, n in self.counts if ln == line and out <= now and end <= now), default=None)
        built, seats = self.trains[train]
        return {
            "line_form__minutes_late_mean_3h": mean(three_hours),
            "line_form__minutes_late_mean_7d": mean(week),
            "line_form__minutes_late_max_3h": max(three_hours, default=None),
            "line_form__minutes_late_max_7d": max(week, default=None),
            "line_form__arrivals_count_3h": len(three_hours),
            "line_form__late_rate_7d": mean([late > 5 for late in week]),
            "last_trip__minutes_late": last[1] if last and now - last[0] < 12 * HOUR else None,
            "weather__millimetres": wet[1] if wet and now - wet[0] < 2 * HOUR else None,
            "demand__passengers": day[2] if day else None,
            "rolling_stock__built": built,
            "rolling_stock__seats": seats,
        }

    def members(self, part):
        """The part's trips, in order, without those whose outcome was only known after the next part had begun."""
        begin, end = (midnight(day) if day else None for day in PARTS[part])
        asked = sorted((now, trip) for trip, (_, _, now, _, _) in self.trips.items())
        for now, trip in asked:
            arrived = self.trips[trip][3]
            if (begin is None or now >= begin) and (end is None or now < end) and not (end and arrived and arrived > end):
                yield trip


def mean(values):
    return math.fsum(values) / len(values) if values else None


def same(cell, value):
    return cell == "" if value is None else cell != "" and float(cell) == float(value)


def newest(folder):
    found = sorted(folder.glob("lateness-*.zip"), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit(f"verify.py: no archive in {folder}; run `gangway export lateness` first")
    return found[-1]


def main(archive=None, warehouse=None):
    here = pathlib.Path(__file__).resolve().parent
    path = pathlib.Path(archive) if archive else newest(here / "notebooks-export" / "lateness")
    world = World(pathlib.Path(warehouse) if warehouse else here / "commuter.sqlite")
    failed = 0

    def check(what, is_right):
        nonlocal failed
        failed += not is_right
        print(f"  {'ok ' if is_right else 'OFF'} {what}")

    print(path)
    with zipfile.ZipFile(path) as packed:
        check("every member is whole", packed.testzip() is None)
        for part in PARTS:
            rows = list(csv.DictReader(io.StringIO(packed.read(part).decode("utf-8"), newline="")))
            check(f"{part}: {len(rows):,} rows, the right ones in the right order", [int(r["trip_id"]) for r in rows] == list(world.members(part)))
            wrong = {}
            for row in rows:
                trip = int(row["trip_id"])
                for name, value in {**world.features(trip), "minutes_late": world.trips[trip][4]}.items():
                    if name not in row or not same(row[name], value):
                        wrong.setdefault(name, (trip, row.get(name), value))
            shown = "".join(f"; {name} of trip {t}: {have!r}, not {want!r}" for name, (t, have, want) in wrong.items())
            check(f"{part}: every feature and label{shown}", not wrong)
    print(f"{1 + 2 * len(PARTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:3]))
