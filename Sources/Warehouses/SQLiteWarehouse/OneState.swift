internal import Warehouses

extension DatabaseFile {
  /// Opens several connections that all see the same state of the file, each in a read transaction.
  ///
  /// SQLite cannot hand a transaction's state to another connection (`sqlite3_snapshot_get` is not compiled in). So the connections begin
  /// one after the other, and another one tells whether anybody has written meanwhile; then they begin again. Under a writer that never
  /// rests, one connection has to do. (Outside WAL mode a writer's commit waits until all of them have ended.)
  ///
  /// - Parameter decide: looks at what the first connection sees and says how many connections are wanted.
  func readOneState<Plan>(
    _ decide: (Connection) throws(WarehouseError) -> (plan: Plan, connections: Int)
  ) throws(WarehouseError) -> (plan: Plan, connections: [Connection]) {
    var connections = [try Connection(self, forWriting: false)]
    var monitor: Connection?
    for _ in 0..<50 {
      let version = try monitor?.dataVersion()
      if try beginReading(connections), try monitor?.dataVersionNow() == version {
        let (plan, count) = try decide(connections[0])
        if count <= connections.count { return (plan, Array(connections[..<count])) }
        while connections.count < count { connections.append(try Connection(self, forWriting: false)) }
        if monitor == nil { monitor = try Connection(self, forWriting: false) }
      }
      for connection in connections { try connection.rollBack() }
    }
    try connections[0].beginReading()
    return (try decide(connections[0]).plan, [connections[0]])
  }

  /// - Returns: false if a writer is about to write. It waits for the connections that have begun, so they must not wait for it.
  private func beginReading(_ connections: [Connection]) throws(WarehouseError) -> Bool {
    try connections[0].beginReading()
    for connection in connections.dropFirst() {
      guard try connection.withoutWaiting({ () throws(WarehouseError) in try connection.beginReading() }) != nil else { return false }
    }
    return true
  }
}

extension Connection {
  /// - Returns: nil if somebody is writing.
  fileprivate func dataVersionNow() throws(WarehouseError) -> Int64? {
    try withoutWaiting { () throws(WarehouseError) in try dataVersion() }
  }

  /// - Returns: nil if somebody else's lock is in the way.
  fileprivate func withoutWaiting<Result>(_ body: () throws(WarehouseError) -> Result) throws(WarehouseError) -> Result? {
    waitForLocks(false)
    defer { waitForLocks(true) }
    do throws(WarehouseError) { return try body() } catch {
      if error.isBusy { return nil }
      throw error
    }
  }
}
