import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Snapshots
import Times
import Warehouses

/// The two relations of a published view: its values now, and those of then.
///
/// They hold what a training set would look up at each moment, in stretches in which nothing changes.
struct ViewTables {
  private let plan: ViewPlan
  private let rows: any ViewRows
  private let answers: ViewAnswers
  private let now: Int64
  private let workers: Int
  /// The next batch of each relation.
  private var next = [0, 0]
  private(set) var shownCount = 0

  /// - Parameter now: nothing that is to come is published.
  init(_ plan: ViewPlan, _ rows: any ViewRows, now: Int64, workers: Int) throws(Diagnostics) {
    self.plan = plan
    self.rows = rows
    self.now = now
    self.workers = workers
    answers = try ViewAnswers(
      plan: plan, rows: rows, columns: plan.steadyColumns, knowledge: Knowledge(mode: .asKnown, boundary: .closed, cutoff: nil))
  }

  func publication(state: String) -> Publication {
    let view = plan.view
    let key = zip(plan.entity?.key ?? [], rows.keys).map { CatalogEntry.Column($0.name.value, $0.type ?? $1.type, $0.description) }
    let features = zip(plan.steadyColumns, answers.columns).map { place, column in
      let description = view.features.first { $0.columns.contains { $0.name == plan.columns[place].name } }?.description
      return CatalogEntry.Column(column.name, column.type, description)
    }
    let names = key.map(\.name)
    func table(_ name: String, _ what: String, grain: [String], _ more: [CatalogEntry.Column], index: [String]) -> Publication.Table {
      Publication.Table(
        entry: CatalogEntry(
          relation: name, description: [view.about.description, what].compactMap(\.self).joined(separator: " "), owner: view.about.owner,
          grain: grain, columns: key + features + more), index: index)
    }
    return Publication(
      name: view.name.value, state: state,
      tables: [
        table(
          view.name.value, "The newest values.", grain: names,
          [CatalogEntry.Column("valid_from", .timestamp, "Since when they are what they are; null: always.")], index: names),
        table(
          "\(view.name.value)__history", "What was known when.", grain: names + ["valid_from"],
          [
            CatalogEntry.Column("valid_from", .timestamp, "Since when it was known; null: always."),
            CatalogEntry.Column("valid_to", .timestamp, "Until when it was so; null: it still is."),
            CatalogEntry.Column("valid_from_us", .int64, "The same in microseconds since 1970, for joins; always: since the year 1."),
            CatalogEntry.Column("valid_to_us", .int64, "The same in microseconds since 1970, for joins."),
          ], index: names + ["valid_from_us"]),
      ], refreshedAt: now)
  }

  /// The next rows of a relation, by its place; nil: there are no more.
  mutating func step(_ table: Int) throws(Diagnostics) -> TableRows? {
    if next[table] >= rows.lowestHashes.count { return nil }
    let stretches = try Stretches(next[table], rows, plan, answers, now: now, workers: workers)
    next[table] += 1
    let found = table == 0 ? stretches.rows(shownOnly: true) : stretches.rows(shownOnly: false)
    if table == 0 { shownCount += found.rowCount }
    return found
  }
}

/// The stretches of one batch of a view, in which its answers do not change.
private struct Stretches {
  private let keys: [Column]
  private let values: [Column]
  /// Of each stretch its place in keys and values.
  private var places = ContiguousArray<Int32>()
  private var from: [Int64] = []
  /// `Int64.max`: it lasts.
  private var until: [Int64] = []

  init(
    _ number: Int, _ rows: any ViewRows, _ plan: ViewPlan, _ answers: ViewAnswers, now: Int64, workers: Int
  ) throws(Diagnostics) {
    let borders = try ViewBorders(number, of: rows, plan: plan)
    let times = Buffer(borders.times)
    keys = borders.keys
    let questions = Questions(keys: borders.keys, times: times, range: 0..<times.count, workers: workers)
    let found = try answers.answers(to: questions, workers: workers, withStatuses: false) { _, _ throws(Diagnostics) in }
    values = found.map(\.column)
    var i = 0
    while i < times.count {
      var end = i + 1
      while end < times.count, !borders.begins[end], isSame(i, end) { end += 1 }
      let (start, stop) = (borders.times[i], end < times.count && !borders.begins[end] ? borders.times[end] : .max)
      // Nulls alone are what a join finds where there is no row.
      if start <= now, values.contains(where: { !$0.isNull(i) }) {
        places.append(Int32(i))
        from.append(start)
        until.append(stop > now ? .max : stop)
      }
      i = end
    }
  }

  private func isSame(_ a: Int, _ b: Int) -> Bool { values.allSatisfy { compareValues($0, a, $0, b) == 0 } }

  func rows(shownOnly: Bool) -> TableRows {
    let chosen = places.indices.filter { !shownOnly || until[$0] == .max }
    let picked = ContiguousArray(chosen.map { places[$0] })
    let starts = chosen.map { from[$0] }
    // What is timeless holds at any time that there is.
    var columns = (keys + values).map { $0.gathered(picked.span) } + [timesOrNull(starts, none: .min)]
    if !shownOnly {
      let ends = timesOrNull(chosen.map { until[$0] })
      let numbers = starts.map { max($0, Microseconds.range.lowerBound) }
      columns += [ends, Column(.int64(Buffer(numbers))), ends.asNumbers]
    }
    return TableRows(columns: columns, rowCount: chosen.count)
  }
}
