package import Columns
package import Diagnostics
internal import Synchronization
package import Times
package import Warehouses

/// The keys of all entities that there are, as an entity's module lists them: 16 bytes each, and some room.
package struct KnownEntities: Sendable {
  /// For messages: what lists them.
  package let name: String
  package let count: Int
  /// By hash; zeros where there is none.
  private let slots: ContiguousArray<KeyDigest>

  /// Reads them. Keys with a null are none.
  ///
  /// - Parameters:
  ///   - name: what lists them, for messages, such as `module "mart_shipment"`.
  ///   - key: what the relation calls its columns, in the key's order.
  package init(
    scanning warehouse: any Warehouse, relation: String, key: [Field], zone: Zone, threads: Int = 1, name: String? = nil
  ) throws(Diagnostics) {
    let name = name ?? "relation \"\(relation)\""
    let request = ScanRequest(
      relation: relation, outputs: key.map { ScanOutput(.column($0.name), as: .value($0.type)) }, keyOutputs: Array(key.indices),
      zone: zone)
    let found = Mutex<[ContiguousArray<KeyDigest>]>([])
    do throws(ScanError<Never>) {
      _ = try warehouse.scan(request, threads: threads, batchRows: 1 << 16) { batch in
        let digests = KeyDigests.of(batch.columns, rowCount: batch.rowCount)
        var kept = ContiguousArray<KeyDigest>()
        for row in 0..<batch.rowCount where !batch.columns.contains(where: { $0.isNull(row) }) { kept.append(digests[row]) }
        let all = kept
        found.withLock { $0.append(all) }
      }
    } catch {
      switch error {
      case .warehouse(let error):
        throw Diagnostics(
          Warehouses.diagnostics(for: error, at: nil, of: name), isBusy: error.isBusy)
      }
    }
    self.init(found.withLock { $0 }, name: name)
  }

  private init(_ digests: [ContiguousArray<KeyDigest>], name: String) {
    let total = digests.reduce(0) { $0 + $1.count }
    var size = 16
    while size < total / 3 * 4 + 1 { size *= 2 }
    var slots = ContiguousArray(repeating: KeyDigest(low: 0, high: 0), count: size)
    var count = 0
    for digests in digests {
      for digest in digests {
        var slot = Int(truncatingIfNeeded: digest.low) & (size - 1)
        while slots[slot] != KeyDigest(low: 0, high: 0) && slots[slot] != digest { slot = (slot + 1) & (size - 1) }
        if slots[slot] != digest { count += 1 }
        slots[slot] = digest
      }
    }
    self.name = name
    self.slots = slots
    self.count = count
  }

  func contains(_ digest: KeyDigest) -> Bool {
    var slot = Int(truncatingIfNeeded: digest.low) & (slots.count - 1)
    while slots[slot] != KeyDigest(low: 0, high: 0) {
      if slots[slot] == digest { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }
}
