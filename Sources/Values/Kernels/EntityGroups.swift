/// The rows and the questions of each entity, side by side.
///
/// Rows are sorted by (entity, event time, known time, tie order), questions by (entity, decision time). Only entities
/// that have questions are listed.
package struct EntityGroups: Sendable {
  package struct Group: Sendable {
    package let rows: Range<Int32>
    package let asks: Range<Int32>

    package init(rows: Range<Int32>, asks: Range<Int32>) {
      self.rows = rows
      self.asks = asks
    }
  }

  package var groups: ContiguousArray<Group> = []

  package init() {}
}
