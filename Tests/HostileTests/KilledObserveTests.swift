import Foundation
import TestSupport
import Testing

@Suite struct `Killed looks` {
  /// Customers enough for a look to take its time.
  private static let tables = """
    create table shop_customers (customer_id text, tier integer, since text);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
      insert into shop_customers select 'c' || i, i % 7, '2024-01-01 00:00:00' from n;
    """

  private func shop() throws -> ShopProject {
    try ShopProject(
      tables: Self.tables, visits: "('c1', '2024-03-01 00:00:00'), ('c21', '2024-04-01 00:00:00'), ('c40', '2024-05-01 00:00:00')")
  }

  /// Changes, removes and adds some customers, others each time.
  private func change(_ shop: ShopProject, _ turn: Int) throws {
    try shop.change(
      """
      update shop_customers set tier = tier + 1 where rowid % 20 = \(turn % 20);
      delete from shop_customers where rowid % 997 = \(turn);
      insert into shop_customers values ('new\(turn)', \(turn), '2024-02-01 00:00:00');
      """)
  }

  @Test func `are as if they had not been, or as if they had ended`() throws {
    let (whole, hurt) = (try shop(), try shop())
    let start = ContinuousClock.now
    _ = try whole.observe(at: "2024-03-01")
    let length = max(20, UInt32((ContinuousClock.now - start) / .milliseconds(1)))
    var random = SplitMix(state: 3)
    for turn in 0..<12 * fuzzFactor {
      let time = "2024-04-\(String(format: "%02d", 1 + turn / 24))T\(String(format: "%02d", turn % 24)):00:00Z"
      if turn > 0 {
        for shop in [whole, hurt] { try change(shop, turn) }
        #expect(try whole.observe(at: time).contains("1 new"))
      }
      let look = turn == 0 ? "2024-03-01" : time
      let process = Process()
      process.executableURL = BuiltBinary.url
      process.arguments = ["observe", "--at", look]
      process.currentDirectoryURL = hurt.url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(UInt32.random(in: 0...length, using: &random) * 1_000)
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      let verified = try hurt.gangway("verify")
      #expect(verified.exit == 0, "turn \(turn): \(verified.standardError)")
      let again = try hurt.observe(at: look)
      #expect(again.contains("observed shop_customers"), "turn \(turn): \(again)")
      #expect(!hurt.files.contains { $0.hasSuffix(".new") || $0.hasSuffix(".partial") }, "turn \(turn)")
    }
    #expect(try hurt.gangway("gc").exit == 0)
    #expect(hurt.files.filter { $0.hasSuffix(".arrow") } == whole.files.filter { $0.hasSuffix(".arrow") })
    #expect(try hurt.exported() == whole.exported())
  }
}
