#!/usr/bin/env python3
"""Prints a few rows of the sample's mart in which a prediction stands beside what became of the shipment.

    python3 look_at_mart.py WAREHOUSE.sqlite
"""
import sqlite3
import sys

QUERY = """
    select shipment_id, carrier_id, booked_at, status, minutes_late, expected_minutes_late, risk, model_version, amount_eur, settled_eur
    from mart_shipment
    where expected_minutes_late is not null and minutes_late is not null and amount_eur is not null
    order by booked_at desc, shipment_id
    limit 5
"""


def main(path):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = connection.execute(QUERY)
    table = [[column[0] for column in found.description]] + [["" if value is None else str(value) for value in row] for row in found]
    if len(table) == 1:
        sys.exit("no shipment has a prediction, a delivery and an invoice")
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
