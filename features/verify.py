#!/usr/bin/env python3
"""Works out the `eta` training set a second time, from nothing but the raw tables, and compares it with an exported archive.

    python3 verify.py [ARCHIVE.zip [WAREHOUSE.sqlite [ROWS]]]     default: the newest archive, ../freight.sqlite, 300

All rows: are they the right ones, in the right order, with the right label. ROWS of them, drawn at random: every feature, the slow
and obvious way. Standard library only: it shares no code with what it verifies. Exits with 1 when a value differs.
"""
import collections
import csv
import datetime as dt
import io
import math
import pathlib
import random
import sqlite3
import statistics
import sys
import zipfile
import zoneinfo

HOUR, DAY = 3_600, 86_400
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
PARTS = {"train.csv": (None, "2024-09-01"), "validation.csv": ("2024-09-01", "2024-11-01"), "test.csv": ("2024-11-01", None)}
EMBARGO = 2 * DAY


def instant(text):
    """Seconds of a time that is UTC, whether or not it says so."""
    return text and int(dt.datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=dt.timezone.utc).timestamp())


def wall_clock(text):
    """Seconds of a time in Berlin; of an hour that comes twice, the second."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=1).timestamp())


def day_after(day, zone=dt.timezone.utc):
    next_day = dt.date.fromisoformat(day) + dt.timedelta(days=1)
    return int(dt.datetime.combine(next_day, dt.time(), zone).timestamp())


def mean(values):
    values = [value for value in values if value is not None]
    return math.fsum(values) / len(values) if values else None


def ratio(pairs):
    above, below = (math.fsum(side) for side in zip(*pairs)) if pairs else (0, 0)
    return above / below if below else None


def percentile(values, p):
    values = sorted(values)
    if not values:
        return None
    h = (len(values) - 1) * p
    low = math.floor(h)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (h - low)


class Log:
    """Versions of records, found by what they are about."""

    def __init__(self):
        self.versions = collections.defaultdict(list)
        self.records = collections.defaultdict(set)

    def add(self, record, keys, known, row):
        self.versions[record].append((known, row))
        for key in keys:
            self.records[key].add(record)

    def known(self, key, now):
        """Of each record its newest version that had been loaded by then, unless that is a deletion."""
        for record in self.records[key]:
            loaded = [version for version in self.versions[record] if version[0] <= now]
            if loaded:
                known, row = max(loaded, key=lambda version: version[0])
                if not row.get("deleted"):
                    yield known, row


class World:
    def __init__(self, path):
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        database.row_factory = sqlite3.Row

        def rows(table):
            return database.execute(f"select distinct * from {table}")

        self.region, self.country = {}, {}
        for r in rows("raw_hubs"):
            self.region[r["hub"]], self.country[r["hub"]] = r["region"], r["country"]
        self.km = {(r["origin"], r["destination"]): r["km"] for r in rows("raw_lanes")}

        self.bookings, newest = {}, {}
        for r in sorted(rows("raw_shipments"), key=lambda r: r["_loaded_at"]):
            self.bookings.setdefault(r["shipment_id"], r)
            newest[r["shipment_id"]] = r
        self.claims = collections.defaultdict(list)
        for r in newest.values():
            if r["delivered_at"]:
                self.claims[r["carrier_id"]].append((instant(r["delivered_at"]), r["claim"]))

        self.deliveries, self.docks = Log(), Log()
        for r in rows("raw_stops"):
            booking = self.bookings[r["shipment_id"]]
            lane = (booking["origin"], booking["destination"])
            row = {"at": wall_clock(r["arrived_local"]), "late": r["minutes_late"], "dwell": r["dwell_minutes"],
                   "to": lane[1], "deleted": r["_deleted"]}
            loaded = instant(r["_loaded_at"])
            self.docks.add(r["stop_id"], [r["hub"]], loaded, row)
            if r["kind"] == "delivery":
                self.deliveries.add(r["stop_id"], [r["carrier_id"], lane], loaded, row)

        self.quotes = collections.defaultdict(list)
        for r in rows("raw_quotes"):
            booking = self.bookings[r["shipment_id"]]
            lane = (booking["origin"], booking["destination"])
            row = {"at": r["quoted_at"], "known": r["_loaded_at"], "price": r["price_eur"], "km": self.km[lane],
                   "won": (r["outcome"] or "").lower() == "won", "won_known": r["decided_at"] + 3 * DAY, "carrier": r["carrier_id"]}
            for key in (r["carrier_id"], lane):
                self.quotes[key].append(row)

        self.invoices = Log()
        for r in rows("raw_invoices"):
            row = {"at": day_after(r["billed_on"], BERLIN), "amount": r["amount_eur"], "settled": r["settled_eur"],
                   "settled_known": r["settled_on"] and day_after(r["settled_on"]) + 2 * DAY, "deleted": r["_deleted"]}
            self.invoices.add(r["invoice_id"], [r["carrier_id"]], instant(r["_loaded_at"]), row)

        self.register, self.constants = Log(), {}
        for r in rows("raw_carriers"):
            row = {"at": day_after(r["valid_from"]), "fleet": r["fleet_size"], "rating": r["rating"] or None}
            self.register.add((r["carrier_id"], r["valid_from"]), [r["carrier_id"]], instant(r["_loaded_at"]), row)
            self.constants[r["carrier_id"]] = (r["country"], r["founded"])

        self.yards = Log()
        for r in rows("raw_yard_days"):
            row = {"at": day_after(r["day"]), "trucks": r["trucks"], "queue": r["queue_minutes"]}
            self.yards.add((r["region"], r["day"]), [r["region"]], instant(r["_loaded_at"]), row)

        self.diesel = Log()
        for r in rows("raw_diesel_prices"):
            row = {"at": day_after(r["week"]) + 6 * DAY, "price": r["eur_per_litre"]}
            self.diesel.add(r["week"], ["all"], instant(r["_loaded_at"]), row)

    def label(self, booking):
        if not booking["delivered_at"]:
            return None
        seconds = instant(booking["delivered_at"]) - instant(booking["delivery_due_at"])
        return int(math.copysign((abs(seconds) + 30) // 60, seconds))        # SQL rounds halves away from zero

    def members(self, part):
        """The part's shipments, in order, without those whose outcome, or whose booking, comes too near to the next part."""
        begin, end = (instant(day) if day else None for day in PARTS[part])
        for now, shipment in sorted((instant(b["booked_at"]), shipment) for shipment, b in self.bookings.items()):
            delivered = instant(self.bookings[shipment]["delivered_at"])
            if (begin is None or now >= begin) and (end is None or now < end - EMBARGO and not (delivered and delivered > end)):
                yield shipment

    def features(self, shipment):
        """What was known when the shipment was booked."""
        booking = self.bookings[shipment]
        now = instant(booking["booked_at"])
        carrier, lane = booking["carrier_id"], (booking["origin"], booking["destination"])
        return {
            **self.inputs(booking), **self.service(carrier, now), **self.money(carrier, now), **self.carrier(carrier, now),
            **self.lane(lane, now), **self.places(lane, now)}

    def inputs(self, booking):
        due = instant(booking["pickup_due_at"])
        return {
            "carrier_id": booking["carrier_id"], "origin": booking["origin"], "destination": booking["destination"],
            "equipment": (booking["equipment"] or "").lower().replace("_", " ") or None, "weight_kg": booking["weight_kg"],
            "km": self.km[booking["origin"], booking["destination"]], "customer": booking["customer"] or None,
            "hours_to_pickup": (due - instant(booking["booked_at"])) / HOUR,
            "hours_to_drive": (instant(booking["delivery_due_at"]) - due) / HOUR}

    def service(self, carrier, now):
        past = [(row["at"], known, row) for known, row in self.deliveries.known(carrier, now) if row["at"] <= now]

        def late(days):
            return [row["late"] for at, _, row in past if at > now - days * DAY]

        last = max(past, key=lambda version: version[:2], default=None)
        served = last[2] if last and now - last[0] < 14 * DAY else None
        month, quarter = late(30), late(90)
        return {
            "carrier_service__mean_late_7d": mean(late(7)), "carrier_service__mean_late_30d": mean(month),
            "carrier_service__mean_late_90d": mean(quarter), "carrier_service__late_median_90d": percentile(quarter, 0.5),
            "carrier_service__late_p90_90d": percentile(quarter, 0.9),
            "carrier_service__late_stddev_30d": statistics.stdev(month) if len(month) > 1 else None,
            "carrier_service__share_over_an_hour_30d": mean([minutes > 60 for minutes in month]),
            "carrier_service__deliveries_count_30d": len(month), "carrier_service__deliveries_count_lifetime": len(past),
            "carrier_service__seconds_since_delivery": now - last[0] if last else None,
            "carrier_last_delivery__minutes_late": served and served["late"],
            "carrier_last_delivery__was_early": served and ("true" if served["late"] < 0 else "false"),
            "carrier_last_delivery__at_hub": served and served["to"]}

    def money(self, carrier, now):
        quotes = [row for row in self.quotes[carrier] if row["known"] <= now]
        month = [row for row in quotes if now - 30 * DAY < row["at"] <= now]
        bills = [row for _, row in self.invoices.known(carrier, now) if row["at"] <= now]
        settled = [row for row in bills if row["at"] > now - 180 * DAY and row["settled_known"] and row["settled_known"] <= now]
        return {
            "carrier_damage__claim_rate_180d": mean(
                claim for at, claim in self.claims[carrier] if now - 180 * DAY < at and at + 17 * DAY <= now),
            "carrier_quotes__quotes_count_7d": sum(now - 7 * DAY < row["at"] <= now for row in quotes),
            "carrier_quotes__quotes_count_30d": len(month),
            "carrier_quotes__win_rate_30d": mean(row["won"] for row in month if row["won_known"] <= now),
            "carrier_quotes__price_per_km_30d": ratio([(row["price"], row["km"]) for row in month]),
            "carrier_billing__settled_share_180d": ratio([(row["settled"], row["amount"]) for row in settled]),
            "carrier_billing__invoices_count_90d": sum(row["at"] > now - 90 * DAY for row in bills)}

    def carrier(self, carrier, now):
        entries = [(row["at"], known, row) for known, row in self.register.known(carrier, now) if row["at"] <= now]
        entry = max(entries, key=lambda version: version[:2])[2] if entries else {}
        country, founded = self.constants[carrier]
        return {
            "carrier_profile__fleet_size": entry.get("fleet"), "carrier_profile__rating": entry.get("rating"),
            "carrier_constants__country": country, "carrier_constants__founded": founded}

    def lane(self, lane, now):
        past = [row for _, row in self.deliveries.known(lane, now) if row["at"] <= now]
        month = [row["late"] for row in past if row["at"] > now - 30 * DAY]
        quotes = [row for row in self.quotes[lane] if row["known"] <= now and now - 28 * DAY < row["at"] <= now]
        return {
            "lane_service__mean_late_30d": mean(month), "lane_service__mean_late_lifetime": mean(row["late"] for row in past),
            "lane_service__late_max_30d": max(month, default=None), "lane_service__deliveries_count_30d": len(month),
            "lane_prices__price_per_km_28d": ratio([(row["price"], row["km"]) for row in quotes]),
            "lane_prices__carriers_count_distinct_28d": len({row["carrier"] for row in quotes}),
            "lane_constants__crosses_a_border": "true" if self.country[lane[0]] != self.country[lane[1]] else "false"}

    def places(self, lane, now):
        found = {"origin_region": self.region[lane[0]], "destination_region": self.region[lane[1]]}
        for role, hub in zip(("origin", "destination"), lane):
            visits = [row for _, row in self.docks.known(hub, now) if now - 7 * DAY < row["at"] <= now]
            day = [row["dwell"] for row in visits if row["at"] > now - DAY]
            found[f"{role}_docks__dwell_mean_1d"] = mean(day)
            found[f"{role}_docks__dwell_mean_7d"] = mean(row["dwell"] for row in visits)
            found[f"{role}_docks__visits_count_1d"] = len(day)
            days = [(row["at"], row) for _, row in self.yards.known(self.region[hub], now) if row["at"] <= now]
            at, row = max(days, key=lambda one: one[0], default=(0, None))
            served = row if row and now - at < 4 * DAY else None
            found[f"{role}_yards__queue_minutes"] = served and served["queue"]
            found[f"{role}_yards__queue_mean_7d"] = mean(row["queue"] for at, row in days if at > now - 7 * DAY)
            if role == "origin":
                found["origin_yards__trucks_per_queued_hour"] = served["trucks"] / (served["queue"] / 60) if served and served["queue"] else None
        weeks = sorted((row["at"], row["price"]) for _, row in self.diesel.known("all", now) if row["at"] <= now)
        found["diesel__eur_per_litre"] = weeks[-1][1] if weeks else None
        found["diesel__eur_per_litre_mean_8w"] = mean(price for at, price in weeks if at > now - 56 * DAY)
        return found

    def naive(self):
        """What a mart by carrier and day would say, joined on the day of booking: it has seen how the day's own shipments ended."""
        days = collections.defaultdict(list)
        for booking in self.bookings.values():
            if booking["delivered_at"]:
                days[booking["carrier_id"], booking["booked_at"][:10]].append(self.label(booking))
        return {day: mean(late) for day, late in days.items()}


def same(cell, value):
    if value is None or cell == "":
        return cell == "" and value is None
    if isinstance(value, str):
        return cell == value
    return math.isclose(float(cell), float(value), rel_tol=1e-12, abs_tol=1e-12)


def newest(folder):
    found = sorted(folder.glob("eta-*.zip"), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit(f"verify.py: no archive in {folder}; run `gangway export eta` first")
    return found[-1]


def main(archive=None, warehouse=None, count=300):
    root = pathlib.Path(__file__).resolve().parent.parent
    path = pathlib.Path(archive) if archive else newest(root / "notebooks-export" / "eta")
    world = World(pathlib.Path(warehouse) if warehouse else root / "freight.sqlite")
    good = bad = 0

    def check(what, is_right):
        nonlocal good, bad
        good, bad = good + is_right, bad + (not is_right)
        print(f"  {'ok ' if is_right else 'OFF'} {what}")

    print(path)
    everything = []
    with zipfile.ZipFile(path) as packed:
        check("every member is whole", packed.testzip() is None)
        for part in PARTS:
            rows = list(csv.DictReader(io.StringIO(packed.read(part).decode("utf-8"), newline="")))
            shipments = [int(row["shipment_id"]) for row in rows]
            check(f"{part}: {len(rows):,} rows, the right ones in the right order", shipments == list(world.members(part)))
            check(f"{part}: every label", all(same(r["minutes_late"], world.label(world.bookings[s])) for r, s in zip(rows, shipments)))
            everything += rows

    wrong, cells = {}, 0
    drawn = random.Random(7).sample(everything, min(int(count), len(everything)))
    for row in drawn:
        shipment = int(row["shipment_id"])
        features = world.features(shipment)
        missing = set(row) - set(features) - {"shipment_id", "booked_at", "minutes_late"}
        wrong.update((name, (shipment, "not worked out here", None)) for name in missing)
        for name, value in features.items():
            cells += 1
            if name not in row or not same(row[name], value):
                wrong.setdefault(name, (shipment, row.get(name), value))
    shown = "".join(f"\n      {name} of {s}: {have!r}, not {want!r}" for name, (s, have, want) in wrong.items())
    check(f"{len(drawn)} rows drawn at random, {cells:,} cells worked out again from the raw tables{shown}", not wrong)

    naive = world.naive()
    told = [row for row in everything if row["minutes_late"] and row["carrier_service__mean_late_30d"]]
    late = [float(row["minutes_late"]) for row in told]
    honest = statistics.correlation([float(row["carrier_service__mean_late_30d"]) for row in told], late)
    peeking = statistics.correlation([naive[row["carrier_id"], row["booked_at"][:10]] for row in told], late)
    check(f"the carrier's past lateness says something about the label: correlation {honest:.2f}", honest > 0.1)
    check(f"and it has not seen the future: a table by carrier and day, joined on the day of booking, would reach {peeking:.2f}", peeking > honest + 0.2)
    print(f"{good} passed, {bad} failed")
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:4]))
