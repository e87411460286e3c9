// Warehouses: what the pipeline asks of the place where modules and marts live.
//
// In:  names of relations, SQL in the warehouse's own dialect, and how each column is to be read.
// Out: facts about relations, typed columns in the Arrow layout, relations built.
// Knows nothing of features or point-in-time rules.

package import Columns

/// A warehouse. Reads see one consistent state for as long as one call lasts.
///
/// A value is Sendable; the connections behind it are opened per call or owned by one task.
package protocol Warehouse: Sendable {
  /// For messages: a file's path as the project names it.
  var displayName: String { get }

  /// - Returns: nil if there is no such table or view. Names compare as the warehouse compares them, and are always quoted.
  func relation(_ name: String) throws(WarehouseError) -> Relation?

  /// The names of all tables and views, for hints.
  func relationNames() throws(WarehouseError) -> [String]

  /// Prepares an expression over a relation's columns without running it.
  ///
  /// - Throws: `.expression` for one that does not parse, names what the relation lacks, aggregates, reads other relations,
  ///   or whose value could change from run to run (`random()`, the clock).
  func examine(expression: String, over relation: String) throws(WarehouseError) -> ExpressionFacts

  /// Reads a relation into typed columns, batch by batch.
  ///
  /// What is read, and what is wrong with it, is the same for any number of threads.
  ///
  /// - Parameters:
  ///   - threads: how many may read at the same time; a warehouse may use fewer.
  ///   - batchRows: the most rows of a batch. Memory for a few batches per thread is all that reading needs.
  ///   - take: is handed each batch, by the thread that reads it, in no order. If it throws, all reading stops soon.
  func scan<Stop: Error>(
    _ request: ScanRequest, threads: Int, batchRows: Int, take: @Sendable (ScanBatch) throws(Stop) -> Void
  ) throws(ScanError<Stop>) -> ScanOutcome

  /// How many rows a relation has at most, told without reading them, for what is said before long work.
  ///
  /// - Returns: nil where nothing tells.
  func rowLimit(of relation: String) throws(WarehouseError) -> Int?

  /// The first rows as they are stored, in no promised order.
  func head(of relation: String, limit: Int) throws(WarehouseError) -> HeadRows

  /// Replaces a relation in one transaction: the old one stays unless the new one is whole and keeps its declarations.
  func build(_ build: RelationBuild) throws(WarehouseError) -> BuiltRelation

  /// The SELECT of which each relation was built here, by the relation's name; those that were put together of joins are left out.
  func builtSQL() throws(WarehouseError) -> [String: String]

  /// Replaces the tables of a publication in one transaction: readers see all of the old ones or all of the new.
  ///
  /// - Parameter rows: of each table by its place, asked for until there are no more. If it throws, nothing was replaced.
  func publish<Stop: Error>(_ publication: Publication, rows: (Int) throws(Stop) -> TableRows?) throws(ScanError<Stop>)

  /// Of what each publication that is there was made, by its name.
  func publishedStates() throws(WarehouseError) -> [String: String]
}

package struct Relation: Sendable, Hashable {
  package enum Kind: String, Sendable { case table, view }

  package let name: String
  package let kind: Kind
  package let columns: [RelationColumn]

  package init(name: String, kind: Kind, columns: [RelationColumn]) {
    self.name = name
    self.kind = kind
    self.columns = columns
  }

  package func column(_ name: String) -> RelationColumn? { columns.first { $0.name == name } }
}

package struct RelationColumn: Sendable, Hashable {
  package let name: String
  /// As the warehouse declares it; empty for an expression.
  package let declaredText: String
  /// What that means here; nil where it says nothing (an expression, NUMERIC).
  package let declaredType: DataType?

  package init(name: String, declaredText: String, declaredType: DataType?) {
    self.name = name
    self.declaredText = declaredText
    self.declaredType = declaredType
  }
}

package struct ExpressionFacts: Sendable, Hashable {
  /// The relation's columns that the expression names, each once, in the relation's spelling.
  package let columns: [String]

  package init(columns: [String]) { self.columns = columns }
}
