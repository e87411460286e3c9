import Columns
import Definitions
import Diagnostics
import Planning
import SQLiteWarehouse
import Snapshots
import Times
import Warehouses

/// Where one command reads its views: in the warehouse, or in the log of a module that is observed.
///
/// An observed module is looked at once, before the first view over it is read. Then its log is laid out in a private database under the
/// relation's name, so that expressions mean there what they mean in the warehouse.
struct ViewSources {
  private let workspace: Workspace
  private let store: SnapshotStore
  private var planner: Planner
  private var looked: Set<String> = []
  /// By module and how its first look is known.
  private var logs: [String: any Warehouse] = [:]
  /// By output.
  private var versions: [String: [String]] = [:]
  private var scratch: ScratchFolder?

  init(_ workspace: Workspace, _ store: SnapshotStore) {
    self.workspace = workspace
    self.store = store
    planner = workspace.planner
  }

  /// - Precondition: the caller holds the store's writer lock.
  mutating func warehouse(for plan: ViewPlan, events: (Event) -> Void) throws(Diagnostics) -> any Warehouse {
    if case .output = plan.module.origin { return try log(ofOutput: plan.module) }
    guard plan.isObserved else { return workspace.warehouse }
    let module = plan.module
    if looked.insert(module.name.value).inserted {
      let report = try workspace.observe(module, at: nil, &planner, store)
      if report.isLogged { for line in [report.line] + report.remarks { events(.note(line)) } }
    }
    let key = "\(module.name.value) \(plan.firstLook?.key ?? "")"
    if let log = logs[key] { return log }
    let relation = try planner.relation(of: module)
    do {
      let log = try layOut(try store.log(of: module, names: relation.columns.map(\.name)), as: relation, plan)
      logs[key] = log
      return log
    } catch let error as WarehouseError {
      throw Diagnostics(error, at: module.observation?.location, of: "the log of module \"\(module.name.value)\"")
    } catch let error as any DiagnosableError {
      throw Diagnostics(error.diagnostics, isBusy: error.isBusy)
    } catch {
      preconditionFailure("every error can be told")
    }
  }

  /// Whose predictions a view is read from, once it was; nil: they are no predictions.
  func modelVersions(for plan: ViewPlan) -> [String]? { versions[plan.module.name.value] }

  /// What was shown of an output when, as the store has it.
  private mutating func log(ofOutput module: Module) throws(Diagnostics) -> any Warehouse {
    let name = module.name.value
    if let log = logs[name] { return log }
    do {
      guard let output = workspace.project.output(name) else { preconditionFailure("definitions resolve") }
      let record = try store.outputRecord(name)
      let rows = try OutputRows(output, record, tables: try workspace.tables(of: record, store))
      let folder = try scratch ?? ScratchFolder(in: store.folder)
      scratch = folder
      let log = try OutputLog(rows).laidOut(in: folder.path)
      logs[name] = log
      versions[name] = rows.shownVersions
      return log
    } catch let error as WarehouseError {
      throw Diagnostics(error, at: module.name.location, of: "output \"\(name)\"")
    } catch let error as any DiagnosableError {
      throw Diagnostics(error.diagnostics, isBusy: error.isBusy)
    } catch {
      preconditionFailure("every error can be told")
    }
  }

  private mutating func layOut(_ log: ObservationLog, as relation: Relation, _ plan: ViewPlan) throws -> any Warehouse {
    let folder = try scratch ?? ScratchFolder(in: store.folder)
    scratch = folder
    let own = [plan.knownTime, plan.deleted].compactMap(\.self).map { plan.outputs[$0].text }
    let columns = relation.columns + own.map { RelationColumn(name: $0, declaredText: "INTEGER", declaredType: .int64) }
    var parts = log.parts.enumerated().makeIterator()
    let laidOut = Relation(name: relation.name, kind: .table, columns: columns)
    return try SQLiteWarehouse.temporary(laidOut, displayName: "the log of \(plan.module.name.value)", folder: folder.path) {
      guard let (number, part) = parts.next() else { return nil }
      let known = part.knownTimes(number == 0 ? plan.firstLook : nil).asNumbers
      return TableRows(columns: relation.columns.map { part.columns[$0.name] } + [known, part.deleted], rowCount: part.rowCount)
    }
  }
}

/// How the event times of a first look's rows are read, since when they count as known.
private struct FirstLook {
  let column: String
  let reader: TimeReader

  var key: String { "\(column) \(reader)" }
}

extension ViewPlan {
  fileprivate var firstLook: FirstLook? {
    guard firstLookAssumesKnowledge, let eventTime, case .column(let column) = outputs[eventTime].source,
      case .time(let reader) = outputs[eventTime].reading
    else { return nil }
    return FirstLook(column: column, reader: reader)
  }
}

extension ObservationLog.Part {
  /// When each row became known: at the look; what was there at the first look, if so wanted, when it was true, but never later.
  fileprivate func knownTimes(_ first: FirstLook?) -> Column {
    let events = first.flatMap { columns[$0.column] }
    var times = ColumnBuilder(.int64, capacity: rowCount)
    for row in 0..<rowCount {
      let event = first.flatMap { first in events?.time(row, first.reader) }
      times.append(min(event ?? .max, look.observedAt))
    }
    return times.finish()
  }
}

extension Column {
  /// A stored value as a time; nil for null and for what is none, which is an error where the view reads it.
  fileprivate func time(_ row: Int, _ reader: TimeReader) -> Int64? {
    if isNull(row) { return nil }
    let outcome: TimeOutcome
    switch values {
    case .int64(let buffer): outcome = reader.read(integer: buffer.span[row])
    case .float64(let buffer): outcome = reader.read(real: buffer.span[row])
    case .string(let offsets, let bytes):
      let span = offsets.span
      outcome = reader.read(utf8: bytes.span.extracting(Int(span[row])..<Int(span[row + 1])))
    case .boolean, .date, .timestamp: return nil
    }
    if case .time(let time) = outcome { return time }
    return nil
  }
}
