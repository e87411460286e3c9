extension ArchiveFacts {
  /// `<set>.ipynb`, nbformat 4.5: opens the newest archive, or exported folder, in its own folder. It is the reader's from then on, so nothing in it
  /// belongs to one archive alone.
  package var notebook: String {
    let part = parts.first?.name ?? "data"
    return
      ([
        "cells": [
          markdown("intro", intro),
          code("open-archive", openArchive),
          code("load-part", "X, y, keep = load(\"\(part)\")      # also: \(parts.map(\.name).joined(separator: ", "))\nX.head()\n"),
          code("label", "y.describe() if y is not None else keep.head()\n"),
          code("nulls", "X.isna().mean().sort_values(ascending=False)\n"),
        ],
        "metadata": [
          "kernelspec": ["display_name": "Python 3", "language": "python", "name": "python3"], "language_info": ["name": "python"],
        ],
        "nbformat": 4, "nbformat_minor": 5,
      ] as JSON).document
  }

  private var intro: String {
    """
    # \(name)

    \(description.map { $0 + "\n\n" } ?? "")This notebook opens the newest archive or exported folder beside it. `X` holds inputs and features, `y` the label, \
    `keep` the rest;
    its `README.md` says what the columns are and what they rest on. The notebook is yours: exporting again leaves it alone.

    """
  }

  private var openArchive: String {
    """
    import pathlib, sys, tarfile, tempfile, zipfile

    found = [
        path for path in pathlib.Path().glob("\(name)-*")
        if path.name.endswith((".zip", ".tar.gz", ".tar.zst"))
        or (path / "load.py").exists() and path.suffix not in (".partial", ".replaced")]
    archive = max(found, key=lambda path: ((path / "manifest.json" if path.is_dir() else path).stat().st_mtime_ns, path.name))
    folder = tempfile.TemporaryDirectory()
    place = folder.name
    if archive.is_dir():
        place = str(archive.resolve())
    elif zipfile.is_zipfile(archive):
        zipfile.ZipFile(archive).extractall(folder.name)
    elif archive.name.endswith(".zst") and sys.version_info < (3, 14):
        import zstandard
        with open(archive, "rb") as file:
            tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|").extractall(folder.name)
    else:
        tarfile.open(archive).extractall(folder.name)
    sys.path.insert(0, place)
    from load import load
    print(archive.name)

    """
  }

  private func markdown(_ id: String, _ text: String) -> JSON {
    ["cell_type": "markdown", "id": .text(id), "metadata": [:], "source": source(text)]
  }

  private func code(_ id: String, _ text: String) -> JSON {
    ["cell_type": "code", "execution_count": .null, "id": .text(id), "metadata": [:], "outputs": [], "source": source(text)]
  }

  /// Lines, each but the last with its end.
  private func source(_ text: String) -> JSON {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return .array(lines.enumerated().map { .text($0 == lines.count - 1 ? $1 : $1 + "\n") })
  }
}
