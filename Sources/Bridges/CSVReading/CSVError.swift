package import Columns
package import Diagnostics

/// What is wrong with a CSV file, and where.
package struct CSVError: DiagnosableError, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    /// The system's words.
    case unreadable(String)
    case noHeader
    case emptyColumnName
    case duplicateColumnName
    case tooManyColumns(limit: Int)
    case unclosedQuote
    /// Anything but a comma or a line's end behind a closing quote.
    case textAfterQuote
    case quoteInsideCell
    case loneCarriageReturn
    case ragged(cells: Int, columns: Int)
    case notUTF8
    case cellTooLong(limit: Int)
    case rowTooLong(limit: Int)
    case tooManyCells(limit: Int)
    case nul
    case misfit(value: String, wanted: DataType)
    /// The temporary database could not be written.
    case temporaryDatabase(String)
  }

  package let problem: Problem
  /// The file as the user names it.
  package let file: String
  /// From 1, counting every line break, those inside quotes too; absent for the file as a whole.
  package let line: Int?
  /// The character in the line, from 1.
  package let character: Int?
  /// Which column of the file, from 1.
  package let column: Int?
  package let columnName: String?

  package init(
    _ problem: Problem, file: String, line: Int? = nil, character: Int? = nil, column: Int? = nil, columnName: String? = nil
  ) {
    self.problem = problem
    self.file = file
    self.line = line
    self.character = character
    self.column = column
    self.columnName = columnName
  }

  package var diagnostics: [Diagnostic] {
    let location = line.map { SourceLocation(path: file, line: $0, column: character ?? 1) }
    let (message, hint) = words
    return [Diagnostic(at: location, message, rule: "bad-csv", hint: hint)]
  }

  private var words: (String, String) {
    let cell = column.map { column in "column \(column)\(columnName.map { " (\"\($0)\")" } ?? "")" } ?? "the file"
    return switch problem {
    case .unreadable(let reason): ("CSV file \"\(file)\" cannot be read: \(reason)", "correct the path or the file's permissions")
    case .noHeader: ("CSV file \"\(file)\" is empty", "begin it with a line of column names")
    case .emptyColumnName: ("\(cell) has no name in the header", "give every column a name")
    case .duplicateColumnName: ("\(cell) has the name of an earlier column", "rename one of them; case does not count")
    case .tooManyColumns(let limit): ("the header has more than \(limit) columns", "split the file")
    case .unclosedQuote: ("the quote that opens \(cell) is never closed", "close it, and write a quote inside a cell twice (\"\")")
    case .textAfterQuote:
      ("text follows the closing quote of \(cell)", "write a quote inside a cell twice (\"\"), and a comma after the last")
    case .quoteInsideCell:
      ("a quote stands inside \(cell), which does not begin with one", "put the whole cell in quotes and write its quotes twice")
    case .loneCarriageReturn:
      ("a carriage return stands alone in \(cell)", "end lines with \\n or \\r\\n, or put the cell in quotes")
    case .ragged(let cells, let columns):
      ("the row has \(cells) cell\(cells == 1 ? "" : "s") where the header has \(columns)", "give every row one cell a column")
    case .notUTF8: ("\(cell) holds bytes that are no UTF-8", "save the file as UTF-8")
    case .cellTooLong(let limit): ("\(cell) has more than \(limit >> 20) MiB", "look for a quote that is never closed")
    case .rowTooLong(let limit): ("the row has more than \(limit >> 20) MiB", "look for a quote that is never closed")
    case .tooManyCells(let limit): ("the row has more than \(limit) cells", "see whether the file is a table of text at all")
    case .nul: ("\(cell) holds a NUL, which no text has", "see whether the file is a table of text at all, and remove it if so")
    case .misfit(let value, let wanted):
      ("\"\(value)\" in \(cell) is no \(wanted.rawValue)", "correct the cell, or the type that the key's definition declares")
    case .temporaryDatabase(let reason):
      ("CSV file \"\(file)\" cannot be loaded into a temporary database: \(reason)", "make room in the temporary folder, or set TMPDIR")
    }
  }
}
