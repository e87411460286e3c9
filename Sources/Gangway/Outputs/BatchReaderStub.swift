import Columns
import Definitions
import Diagnostics
import SQLiteWarehouse
import Times
import Warehouses

enum BatchInput {
  case file(path: String, displayName: String)
  case standardInput
  case table(any Warehouse, relation: String, columns: [String: String], displayName: String)
}

struct KnownEntities {
  init(scanning warehouse: any Warehouse, relation: String, key: [Field], zone: Zone) throws(Diagnostics) {}
}

struct BatchSummary: Codable {
  var rows = 0
  var entities = 0
  var columns: [ColumnSummary] = []
  struct ColumnSummary: Codable {
    var name: String
    var nulls: Int
    var mean: Double?
    var median: Double?
  }
}

struct BatchReader {
  let output: ModelOutput
  let zone: Zone
  let predictedAt: Int64
  let latest: Int64
  let known: KnownEntities?
  func read(
    _ inputs: [BatchInput], errorFile: String?, progress: (Int) -> Void, take: (Table) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> BatchSummary {
    var summary = BatchSummary()
    for input in inputs {
      let warehouse: any Warehouse
      let relation: String
      switch input {
      case .file(let path, let name):
        do { warehouse = try SQLiteWarehouse.temporary(csv: path, displayName: name) } catch { throw Diagnostics(error.diagnostics) }
        relation = "spine"
      case .table(let w, let r, _, _): (warehouse, relation) = (w, r)
      default: fatalError()
      }
      var outputs = output.fields.dropLast().map { ScanOutput(.column($0.name), as: .value($0.type)) }
      if let at = output.predictedAt {
        outputs.append(ScanOutput(.column(at.column.value), as: .time(TimeReader(role: .known, unit: at.unit, zone: zone))))
      }
      let result: ScanResult
      do { result = try warehouse.scan(ScanRequest(relation: relation, outputs: outputs, zone: zone)) } catch {
        throw Diagnostics(Warehouses.diagnostics(for: error, at: nil, of: nil))
      }
      var columns = result.columns.map(\.column)
      if output.predictedAt == nil { columns.append(Column(.timestamp(Buffer([Int64](repeating: predictedAt, count: result.rowCount))))) }
      try take(Table(fields: output.fields, columns: columns, rowCount: result.rowCount))
      summary.rows += result.rowCount
    }
    return summary
  }
}
