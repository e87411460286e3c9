#!/usr/bin/env python3
"""Trains a small, honest baseline on the sample's training set, and scores what is to be scored.

    python3 baseline.py TRAINING.zip SCORING.zip PREDICTIONS.csv

A ridge regression of a dozen columns on the label, solved by hand; columns that are null get their mean. It is fitted on train.csv
alone and judged on test.csv, beside the guess that a shipment is as late as most are. Standard library only.
"""
import csv
import io
import statistics
import sys
import zipfile

LABEL = "minutes_late"
KEY = "shipment_id"
COLUMNS = [
    "km", "hours_to_pickup", "hours_to_drive", "carrier_service__mean_late_7d", "carrier_service__mean_late_30d",
    "carrier_service__mean_late_90d", "carrier_service__late_percentile_90d", "carrier_last_delivery__minutes_late",
    "lane_service__mean_late_30d", "lane_service__mean_late_lifetime", "origin_docks__dwell_mean_1d", "destination_docks__dwell_mean_1d",
    "origin_yards__queue_minutes",
]
PENALTY = 100.0


def rows(archive, member):
    with zipfile.ZipFile(archive) as opened, opened.open(member) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))


def number(text):
    return None if text == "" else float(text)


class Ridge:
    """y ≈ w·x + b, with x scaled to mean 0 and deviation 1."""

    def __init__(self, columns, samples):
        self.columns = columns
        known = [[value for value in (number(sample[column]) for sample in samples) if value is not None] for column in columns]
        self.means = [statistics.fmean(values) if values else 0.0 for values in known]
        self.scales = [statistics.pstdev(values) or 1.0 if values else 1.0 for values in known]
        self.base = statistics.fmean(float(sample[LABEL]) for sample in samples)
        size = len(columns)
        matrix = [[PENALTY * (i == j) for j in range(size)] for i in range(size)]
        right = [0.0] * size
        for sample in samples:
            x, y = self.vector(sample), float(sample[LABEL]) - self.base
            for i in range(size):
                right[i] += x[i] * y
                row, factor = matrix[i], x[i]
                for j in range(i, size):
                    row[j] += factor * x[j]
        for i in range(size):
            for j in range(i):
                matrix[i][j] = matrix[j][i]
        self.weights = solved(matrix, right)

    def vector(self, sample):
        values = (number(sample[column]) for column in self.columns)
        return [0.0 if value is None else (value - mean) / scale for value, mean, scale in zip(values, self.means, self.scales)]

    def __call__(self, sample):
        return self.base + sum(weight * x for weight, x in zip(self.weights, self.vector(sample)))


def solved(matrix, right):
    """The x of matrix·x = right, by elimination; the matrix is symmetric and positive."""
    size = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            for j in range(i, size + 1):
                rows[k][j] -= factor * rows[i][j]
    x = [0.0] * size
    for i in reversed(range(size)):
        x[i] = (rows[i][size] - sum(rows[i][j] * x[j] for j in range(i + 1, size))) / rows[i][i]
    return x


def risk(minutes):
    return "on_time" if minutes < 30 else "late" if minutes < 120 else "very_late"


def main(training, scoring, predictions):
    train = [row for row in rows(training, "train.csv") if row[LABEL] != ""]
    columns = [column for column in COLUMNS if column in train[0]]
    model = Ridge(columns, train)
    usual = statistics.median(float(row[LABEL]) for row in train)
    test = [row for row in rows(training, "test.csv") if row[LABEL] != ""]
    errors = [abs(model(row) - float(row[LABEL])) for row in test]
    guesses = [abs(usual - float(row[LABEL])) for row in test]
    print(f"trained on {len(train):,} shipments with {len(columns)} columns; mean absolute error of {len(test):,} others: "
          f"{statistics.fmean(errors):.1f} minutes, of always guessing {usual:.0f}: {statistics.fmean(guesses):.1f}")
    count = 0
    with open(predictions, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([KEY, "expected_minutes_late", "risk"])
        for row in rows(scoring, "data.csv"):
            minutes = round(model(row), 1)
            writer.writerow([row[KEY], minutes, risk(minutes)])
            count += 1
    print(f"scored {count:,} shipments: {predictions}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
