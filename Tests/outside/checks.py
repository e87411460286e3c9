"""What all checks from outside share: they count, and none ends the others."""
import contextlib
import csv
import datetime as dt
import io
import pathlib
import tarfile
import traceback
import zipfile

import zstandard

passed = failed = 0


@contextlib.contextmanager
def check(what):
    """One check: passed unless an exception leaves it."""
    global passed, failed
    try:
        yield
    except Exception:
        failed += 1
        print(f"FAIL {what}\n{traceback.format_exc(limit=-4)}", flush=True)
    else:
        passed += 1
        print(f"ok   {what}", flush=True)


def equal(found, wanted, what=""):
    """Like assert, but it says what differs."""
    if found != wanted:
        raise AssertionError(f"{what}: {str(found)[:500]!s} is not {str(wanted)[:500]!s}")


def extract(archive, folder):
    """All members of an archive, as a person would extract them."""
    archive, folder = pathlib.Path(archive), pathlib.Path(folder)
    if archive.name.endswith(".zip"):
        with zipfile.ZipFile(archive) as packed:
            equal(packed.testzip(), None, "damaged member")
            packed.extractall(folder)
            return packed.namelist()
    with open(archive, "rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file) if archive.name.endswith(".zst") else file
        with tarfile.open(fileobj=stream, mode="r|" if stream is not file else "r:gz") as packed:
            names = []
            for member in packed:
                packed.extract(member, folder, filter="data")
                names.append(member.name)
            return names


READERS = {
    "integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__, "string": str,
    "date": dt.date.fromisoformat, "datetime": lambda text: dt.datetime.fromisoformat(text.replace("Z", "+00:00")),
}


def rows(text, fields):
    """A CSV member's rows as Python values: this module's own reading, that all others are compared with.

    An empty text is taken for null, as most readers do: Python's csv module cannot tell them apart.
    """
    read = csv.reader(io.StringIO(text, newline=""))
    equal(next(read), [field["name"] for field in fields], "header")
    readers = [READERS[field["type"]] for field in fields]
    return [[reader(cell) if cell else None for reader, cell in zip(readers, row, strict=True)] for row in read]
