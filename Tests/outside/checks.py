"""What all checks from outside share: they count, and none ends the others."""
import contextlib
import datetime as dt
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
    if archive.is_dir():
        # Nothing to extract. A folder has no order: the checksums tell the one in which an archive has them.
        names = [line[66:] for line in (archive / "SHA256SUMS").read_text().splitlines()] + ["SHA256SUMS"]
        equal(sorted(path.name for path in archive.iterdir()), sorted(names), "the folder's files")
        return names
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
    """A CSV member's rows as Python values: this module's own reading, letter by letter, that all others are compared with."""
    header, *lines = _cells(text)
    equal(header, [field["name"] for field in fields], "header")
    readers = [READERS[field["type"]] for field in fields]
    return [[None if cell is None else reader(cell) for reader, cell in zip(readers, line, strict=True)] for line in lines]


def without_empty_texts(rows):
    """As most readers see them: they cannot tell an empty text from null."""
    return [[None if value == "" else value for value in row] for row in rows]


def _cells(text):
    """Each line's cells: an empty one is None, and "" the empty text."""
    line, place = [], 0
    while place < len(text):
        if text[place] == '"':
            cell, place = "", place + 1
            while not (text[place] == '"' and text[place + 1] != '"'):
                step = 2 if text[place] == '"' else 1
                cell, place = cell + text[place], place + step
            place += 1
        else:
            end = next(end for end in range(place, len(text)) if text[end] in ",\n")
            cell, place = text[place:end] or None, end
        line.append(cell)
        if text[place] == "\n":
            yield line
            line = []
        elif text[place] != ",":
            raise AssertionError(f"a cell ends with {text[place]!r}")
        place += 1
    equal(line, [], "a line without end")
