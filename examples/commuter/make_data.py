#!/usr/bin/env python3
"""Makes up eight weeks of a small commuter railway, the same on every machine. Standard library only, no network.

    python3 make_data.py commuter.sqlite

Five raw tables: trips (some late, some cancelled), hourly rain, passenger counts that are published a day later and corrected
after that, a list of trains and one of lines.
"""
import datetime as dt
import os
import pathlib
import random
import sqlite3
import sys

START = dt.datetime(2024, 3, 4)
DAYS = 56
LINES = {"red": ("Harbour", 20), "green": ("Harbour", 30), "blue": ("Airport", 45)}      # where it starts, minutes between trains
TRAINS = [f"T{number}" for number in range(1, 13)]


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rain(dice):
    """Millimetres an hour at each place; now and then an instrument says nothing."""
    for place in ("Harbour", "Airport"):
        falling = 0.0
        for hour in range(DAYS * 24):
            falling = max(0.0, 0.8 * falling + 2.5 * (dice.random() - 0.62))
            if dice.random() > 0.04:
                yield place, text(START + dt.timedelta(hours=hour)), round(falling, 1)


def trips(dice, rain_at):
    number = 0
    for line, (start, every) in LINES.items():
        trouble = 0.0
        for day in range(DAYS):
            for minute in range(5 * 60, 24 * 60, every):
                number += 1
                due = START + dt.timedelta(days=day, minutes=minute)
                wet = rain_at.get((start, text(due.replace(minute=0))), 0.0)
                trouble = 0.85 * trouble + 6 * (dice.random() - 0.47)
                train = TRAINS[int(dice.random() * len(TRAINS))]
                late = round(trouble + wet + (2 if train in TRAINS[:3] else 0) + 3 * dice.random())
                if dice.random() < 0.02:
                    yield number, line, train, text(due), None, None
                else:
                    yield number, line, train, text(due), text(due + dt.timedelta(minutes=25 + late)), late


def counts(dice):
    """A day's passengers: counted overnight, published at nine; one day in five is corrected two days later."""
    for line in LINES:
        for day in range(DAYS):
            date = START + dt.timedelta(days=day)
            passengers = int((9000 if date.weekday() < 5 else 4000) * (0.8 + 0.4 * dice.random()))
            yield line, date.date().isoformat(), passengers, text(date + dt.timedelta(days=1, hours=9))
            if dice.random() < 0.2:
                yield line, date.date().isoformat(), int(passengers * 0.95), text(date + dt.timedelta(days=3, hours=9))


def main(path):
    dice = random.Random(2024)
    hours = list(rain(dice))
    rain_at = {(place, hour): millimetres for place, hour, millimetres in hours}
    tables = {
        "raw_rain (place text, hour text, millimetres real)": hours,
        "raw_trips (trip_id integer, line text, train text, due_at text, arrived_at text, minutes_late integer)": list(trips(dice, rain_at)),
        "raw_passengers (line text, day text, passengers integer, published_at text)": list(counts(dice)),
        "raw_trains (train text, built integer, seats integer)": [(train, 1996 + 2 * i, 180 + 20 * (i % 4)) for i, train in enumerate(TRAINS)],
        "raw_lines (line text, start text)": [(line, start) for line, (start, _) in LINES.items()],
    }
    # Written aside and renamed, so that an interrupted run leaves no half warehouse.
    aside = path.with_name(path.name + ".part")
    aside.unlink(missing_ok=True)
    database = sqlite3.connect(aside)
    for declared, rows in tables.items():
        name, columns = declared.split(" ", 1)
        database.execute(f"create table {declared}")
        database.executemany(f"insert into {name} values ({', '.join('?' * len(columns.split(',')))})", rows)
        print(f"{name}: {len(rows):,} rows")
    database.commit()
    database.close()
    os.replace(aside, path)


if len(sys.argv) != 2:
    sys.exit("usage: make_data.py WAREHOUSE.sqlite")
main(pathlib.Path(sys.argv[1]))
