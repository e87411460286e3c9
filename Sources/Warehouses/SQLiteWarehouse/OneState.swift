internal import Warehouses

extension DatabaseFile {
  /// Opens several connections that all see the same state of the file, each in a read transaction.
  ///
  /// SQLite cannot hand a transaction's state to another connection (`sqlite3_snapshot_get` is not compiled in). So the connections begin
  /// one after the other, and another one tells whether anybody has written meanwhile; then they begin again. Under a writer that never
  /// rests, one connection has to do.
  ///
  /// - Parameter decide: looks at what the first connection sees and says how many connections are wanted.
  func readOneState<Plan>(
    _ decide: (Connection) throws(WarehouseError) -> (plan: Plan, connections: Int)
  ) throws(WarehouseError) -> (plan: Plan, connections: [Connection]) {
    var connections = [try Connection(self, forWriting: false)]
    var monitor: Connection?
    for _ in 0..<50 {
      let version = try monitor?.dataVersion()
      try connections[0].beginReading()
      let (plan, count) = try decide(connections[0])
      if count == 1 { return (plan, [connections[0]]) }
      if let monitor, let version {
        while connections.count < count { connections.append(try Connection(self, forWriting: false)) }
        if try beginReading(connections[1..<count]), try monitor.isStill(at: version) {
          return (plan, Array(connections[..<count]))
        }
      } else {
        monitor = try Connection(self, forWriting: false)
      }
      for connection in connections { try connection.rollBack() }
    }
    try connections[0].beginReading()
    return (try decide(connections[0]).plan, [connections[0]])
  }

  /// - Returns: false if a writer is about to write. It waits for the connections that have begun, so they must not wait for it.
  private func beginReading(_ connections: ArraySlice<Connection>) throws(WarehouseError) -> Bool {
    for connection in connections {
      connection.waitForLocks(false)
      defer { connection.waitForLocks(true) }
      do throws(WarehouseError) { try connection.beginReading() } catch {
        if error.isBusy { return false }
        throw error
      }
    }
    return true
  }
}

extension Connection {
  fileprivate func isStill(at version: Int64) throws(WarehouseError) -> Bool {
    waitForLocks(false)
    defer { waitForLocks(true) }
    do throws(WarehouseError) { return try dataVersion() == version } catch {
      if error.isBusy { return false }
      throw error
    }
  }
}
