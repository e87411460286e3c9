#!/usr/bin/env python3
"""Checks what `gangway schema` writes with somebody else's JSON Schema and YAML readers.

Needs jsonschema==4.26.0 and PyYAML==6.0.3. Usage: check_schema.py GANGWAY. The last line is 'N passed, N failed'.

The schema is valid itself. All example files and the definitions of all conformance cases without a mistake pass; those whose mistake is
one of shape do not; nor does anything in BAD below.
"""
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Mistakes of the conformance cases that the shape of the files shows.
REFUSED = {
    "error_bad_duration", "error_bad_name", "error_boundary", "error_knowledge", "error_many_at_once",
    "error_unknown_key_in_a_feature", "error_window_of_nothing", "error_unknown_key_in_a_module", "error_unknown_key_in_a_training_set",
}

GOOD = """
sources: raw
---
sources: [raw, {name: "no", tags: new}]
---
entities: {name: carrier, key: carrier_id}
---
entities: [{name: shop, key: [{name: 7, type: int64}, town], meta: {since: 2019, nested: {deep: [1, 2]}}}]
---
modules: [{name: sales, relation: sales, event_time: at, known_time: {column: seen, delay: 6h}, columns: [amount, {name: paid, known_time: due}]}]
---
modules: [{name: a, relation: a, known_time: k, history: append, lookback: 2d}, {name: o, relation: o, grain: id, history: observe, first_seen: now}]
---
training_sets: {name: eta, spine: {module: m, as_of: {column: day, at: "06:00"}, entities: {airport: origin, carrier: {carrier_id: scac}}}, features: weather}
---
training_sets: [{name: eta, spine: {file: a.csv, as_of: t, from: 2024-01-01}, features: [{view: w, as: x}], split: {by: shop, train: 0.8, test: 0.2, seed: 7}}]
"""

BAD = """
sources: []x
---
sorces: [raw]
---
entities: [{name: carrier}]
---
entities: [{name: Carrier, key: id}]
---
entities: [{name: a__b, key: id}]
---
entities: [{name: a, key: []}]
---
modules: [{name: m, relation: r, history: appended}]
---
modules: [{name: m, relation: r, delay: 6 hours}]
---
feature_views: [{name: v, module: m, ttl: 0d, features: [a]}]
---
feature_views: [{name: v, module: m, features: [{name: a, aggregate: mean, windows: 0h}]}]
---
feature_views: [{name: v, module: m, timeless: yes, features: [a]}]
---
training_sets: [{name: s, spine: m, features: [v]}]
---
training_sets: [{name: s, spine: {module: m, as_of: {column: t, at: "6:00"}}, features: [v]}]
"""


class Loader(yaml.SafeLoader):
    """Scalars as YAML 1.2's core schema reads them, which is what editors do."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))

passed = failed = 0


def check(what, is_good, *details):
    global passed, failed
    is_good = bool(is_good)
    passed, failed = passed + is_good, failed + (not is_good)
    if not is_good:
        print("FAIL", what, *details, flush=True)


def schema(*words):
    text = subprocess.run([sys.argv[1], "schema", *words], check=True, capture_output=True, text=True).stdout
    document = yaml.safe_load(text)
    jsonschema.Draft202012Validator.check_schema(document)
    check(f"{words} names its draft", document["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    return jsonschema.Draft202012Validator(document)


def mistakes(validator, text):
    try:
        return [error.message for error in validator.iter_errors(yaml.load(text, Loader))]
    except yaml.YAMLError as error:
        return [str(error)]


def sections(path):
    for part in ("\n" + path.read_text()).split("\n--- ")[1:]:
        name, _, text = part.partition("\n")
        yield name, text


def folder_files():
    for folder in [ROOT, *(ROOT / "examples").iterdir()]:
        if (folder / "gangway.yml").exists():
            yield settings, folder / "gangway.yml"
            for path in sorted((folder / "features").rglob("*.yml")):
                yield definitions, path


definitions, settings = schema(), schema("--settings")
for validator, path in folder_files():
    found = mistakes(validator, path.read_text())
    check(path, not found, *found)
for path in sorted((ROOT / "Tests" / "ConformanceTests" / "Cases").glob("*.case")):
    found = []
    for name, text in sections(path):
        if name.endswith(".yml"):
            found += mistakes(settings if name == "gangway.yml" else definitions, text)
    if path.stem in REFUSED or not path.stem.startswith("error_"):
        check(path.name, bool(found) == (path.stem in REFUSED), *found)
for text in GOOD.split("---\n"):
    found = mistakes(definitions, text)
    check(text.strip(), not found, *found)
for text in BAD.split("---\n"):
    check(text.strip(), mistakes(definitions, text))
check("a variable in gangway.yml", not mistakes(settings, "project: ${P}\nwarehouse: {sqlite: '${HOME}/w'}\ntimezone: UTC\n"))
check("an unknown setting", mistakes(settings, "project: p\nwarehouse: {sqlite: w}\nwharehouse: x\n"))
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
