import Foundation
import TestSupport
import Testing

@Suite struct `The observe command` {
  @Test func `sees what is new, changed and gone, and views see it from then on`() throws {
    let shop = try ShopProject(
      visits: """
        ('ann', '2024-05-31 23:59:59'), ('ann', '2024-06-01 00:00:00'), ('cy', '2024-05-31 23:59:59'), ('cy', '2024-06-01 00:00:00'),
        ('dee', '2024-05-31 23:59:59'), ('dee', '2024-06-01 00:00:00'), ('bob', '2024-06-01 00:00:00')
        """)
    #expect(try shop.observe(at: "2024-05-01") == "observed shop_customers: 3 new, 0 changed, 0 gone, 0 unchanged\n")
    try shop.change(
      """
      update shop_customers set tier = 'platinum' where customer_id = 'ann'; delete from shop_customers where customer_id = 'cy';
      insert into shop_customers values ('dee', 'new', '2024-01-01 00:00:00');
      """)
    #expect(try shop.observe(at: "2024-06-01") == "observed shop_customers: 1 new, 1 changed, 1 gone, 1 unchanged\n")
    #expect(
      try shop.exported() == [
        "ann,2024-05-31T23:59:59Z,gold", "cy,2024-05-31T23:59:59Z,none", "dee,2024-05-31T23:59:59Z,", "ann,2024-06-01T00:00:00Z,platinum",
        "bob,2024-06-01T00:00:00Z,silver", "cy,2024-06-01T00:00:00Z,", "dee,2024-06-01T00:00:00Z,new",
      ])
    #expect(try shop.gangway("verify").standardOutput.contains("2 looks at observed modules"))
  }

  @Test func `writes nothing where nothing has changed`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-06-01 00:00:00')")
    #expect(try shop.observe(at: "2024-05-01").contains("3 new"))
    func state() -> [[UInt8]?] { shop.files.filter { $0.hasPrefix(".gangway") && !$0.hasSuffix(".lock") }.map { shop.folder.bytes($0) } }
    let before = state()
    for time in ["2024-05-01", "2024-05-02", nil] {
      #expect(try shop.observe(at: time) == "observed shop_customers: 0 new, 0 changed, 0 gone, 3 unchanged\n")
    }
    #expect(state() == before)
    #expect(try shop.exported() == ["ann,2024-06-01T00:00:00Z,gold"])
    #expect(try shop.exported("--fresh") == ["ann,2024-06-01T00:00:00Z,gold"])
  }

  @Test func `compares numbers by what they are worth`() throws {
    let shop = try ShopProject(
      module: "relation: t, grain: id, history: observe", features: "[{name: tier, column: x}]",
      tables: "create table t (id integer, customer_id text, x numeric); insert into t values (1, 'ann', 5), (2, 'bob', 9007199254740993)",
      visits: "('ann', '2024-06-01 00:00:00'), ('ann', '2024-07-01 00:00:00')")
    #expect(try shop.observe(at: "2024-05-01").contains("2 new"))
    try shop.change("delete from t where id = 2; insert into t values (3, 'cy', 0.5)")
    #expect(try shop.observe(at: "2024-06-01").contains("1 new, 0 changed, 1 gone, 1 unchanged"))
  }

  @Test func `refuses to look back, and to see two states at one moment`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-06-01 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    let back = try shop.gangway("observe", "--at", "2024-04-30T23:00:00Z")
    #expect(back.exit == 1)
    #expect(back.standardError.contains("[look-back]"))
    #expect(back.standardError.contains("2024-05-01T00:00:00Z"))
    try shop.change("update shop_customers set tier = 'x' where customer_id = 'bob'")
    #expect(try shop.observe(at: "2024-05-01").contains("holds other rows now [look-back]"))
    #expect(try shop.observe(at: "9024-05-01").contains("[look-ahead]"))
    #expect(try shop.observe(at: "yesterday").contains("[unreadable-time]"))
    #expect(try shop.observe(at: "2024-05-02").contains("1 changed"))
  }

  @Test(arguments: [("first_seen: event_time", "gold"), ("first_seen: now", "")])
  func `takes the rows of the first look as known from their event time, or from then`(setting: String, tier: String) throws {
    let shop = try ShopProject(
      module: "relation: shop_customers, grain: customer_id, event_time: since, history: observe, \(setting)",
      visits: "('ann', '2024-02-01 00:00:00'), ('ann', '2024-05-01 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    let outcome = try shop.gangway("export", "buyers")
    #expect(outcome.standardError.contains("known since a look at the module found it so: profile"))
    #expect(outcome.standardError.contains("rows of the first look assumed known from their event time: profile") == (tier == "gold"))
    #expect(try shop.exported() == ["ann,2024-02-01T00:00:00Z,\(tier)", "ann,2024-05-01T00:00:00Z,gold"])
    let manifest = try readArchive(shop.folder.file("x.zip")).first { $0.name == "manifest.json" }
    let text = String(decoding: try #require(manifest).bytes, as: UTF8.self)
    #expect(text.contains("\"history\" : \"observe\""))
    #expect(text.contains("\"first_seen\" : \"\(tier == "gold" ? "event_time" : "now")\""))
  }

  @Test func `never takes a row as known later than it was seen`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-07-01 00:00:00')")
    try shop.change("update shop_customers set since = '2024-06-15' || ' 00:00:00'")
    _ = try shop.observe(at: "2024-05-01")
    try shop.change("update shop_customers set tier = 'late', since = '2024-06-20 00:00:00'")
    _ = try shop.observe(at: "2024-06-01")
    #expect(try shop.exported() == ["ann,2024-07-01T00:00:00Z,late"])
  }

  @Test func `gives rows without an event time that of the look`() throws {
    let shop = try ShopProject(
      module: "relation: shop_customers, grain: customer_id, history: observe, delay: 1h",
      features: "[tier, {name: n, aggregate: count, windows: 1h}]",
      visits:
        "('ann', '2024-05-01 00:59:59'), ('ann', '2024-05-01 01:00:00'), ('ann', '2024-06-01 00:30:00'), ('ann', '2024-06-01 01:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    try shop.change("update shop_customers set tier = 'platinum' where customer_id = 'ann'")
    _ = try shop.observe(at: "2024-06-01")
    #expect(
      try shop.exported() == [
        "ann,2024-05-01T00:59:59Z,,0", "ann,2024-05-01T01:00:00Z,gold,0", "ann,2024-06-01T00:30:00Z,gold,0",
        "ann,2024-06-01T01:00:00Z,platinum,0",
      ])
  }

  @Test func `is what materializing begins with`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-06-01 00:00:00')")
    let first = try shop.gangway("materialize")
    #expect(first.standardError.contains("observed shop_customers: 3 new"))
    #expect(try !shop.gangway("materialize").standardError.contains("observed"))
    try shop.change("update shop_customers set tier = 'platinum'")
    // An export uses the snapshot that is there, until a look has found something.
    #expect(try !shop.gangway("export", "buyers").standardError.contains("materialized"))
    #expect(try shop.observe().contains("3 changed"))
    #expect(try shop.gangway("export", "buyers").standardError.contains("materialized profile: 6 rows"))
    #expect(try !shop.gangway("export", "buyers").standardError.contains("materialized"))
    try shop.change("delete from shop_customers")
    #expect(try shop.gangway("export", "buyers", "--fresh").standardError.contains("observed shop_customers: 0 new, 0 changed, 3 gone"))
    #expect(try shop.exported() == ["ann,2024-06-01T00:00:00Z,gold"])
  }

  @Test func `keeps the past when a view is edited`() throws {
    let visits = "('ann', '2024-05-15 00:00:00'), ('ann', '2024-06-15 00:00:00')"
    let shop = try ShopProject(visits: visits)
    _ = try shop.observe(at: "2024-05-01")
    try shop.change("update shop_customers set tier = 'platinum' where customer_id = 'ann'")
    _ = try shop.observe(at: "2024-06-01")
    #expect(try shop.exported() == ["ann,2024-05-15T00:00:00Z,gold", "ann,2024-06-15T00:00:00Z,platinum"])
    try shop.define(
      module: "relation: shop_customers, grain: customer_id, event_time: since, history: observe",
      features: "[{name: letters, expr: \"length(tier)\"}]", view: "where: \"tier <> 'none'\", ")
    #expect(try shop.exported() == ["ann,2024-05-15T00:00:00Z,4", "ann,2024-06-15T00:00:00Z,8"])
    #expect(try shop.gangway("gc", "--keep", "0s").exit == 0)
    try shop.define(
      module: "relation: shop_customers, grain: customer_id, event_time: since, history: observe", features: "[tier]", view: "ttl: 400d, ")
    #expect(try shop.exported() == ["ann,2024-05-15T00:00:00Z,gold", "ann,2024-06-15T00:00:00Z,platinum"])
  }

  @Test func `carries a column's past over a rename`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-05-15 00:00:00'), ('bob', '2024-06-15 00:00:00'), ('bob', '2024-05-15 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    try shop.change("alter table shop_customers rename column tier to level; alter table shop_customers rename column customer_id to id")
    let renamed = """
      relation: shop_customers, grain: id, event_time: since, history: observe,
          columns: [{name: level, was: tier}, {name: id, was: customer_id}]
      """
    try shop.define(module: renamed, features: "[{name: tier, column: level}]", view: "key: {customer_id: id}, ")
    #expect(try shop.observe(at: "2024-05-20") == "observed shop_customers: 0 new, 0 changed, 0 gone, 3 unchanged\n")
    try shop.change("update shop_customers set level = 'gold' where id = 'bob'")
    #expect(try shop.observe(at: "2024-06-01").contains("1 changed"))
    #expect(
      try shop.exported() == ["ann,2024-05-15T00:00:00Z,gold", "bob,2024-05-15T00:00:00Z,silver", "bob,2024-06-15T00:00:00Z,gold"])
    let forgotten = renamed.replacingOccurrences(of: "{name: level, was: tier}", with: "level")
    try shop.define(module: forgotten, features: "[{name: tier, column: level}]", view: "key: {customer_id: id}, ")
    #expect(try shop.exported().prefix(2) == ["ann,2024-05-15T00:00:00Z,", "bob,2024-05-15T00:00:00Z,"])
    try shop.define(
      module: "relation: shop_customers, grain: id, event_time: since, history: observe", features: "[level]",
      view: "key: {customer_id: id}, ")
    #expect(try shop.observe().contains("[grain-changed]"))
  }

  @Test func `takes columns as they come, go and change their type`() throws {
    let shop = try ShopProject(
      module: "relation: t, grain: customer_id, history: observe", features: "[{name: text, column: x}, {name: y, expr: y}]",
      tables: "create table t (customer_id text, x integer, gone text); insert into t values ('ann', 7, 'a'), ('bob', 8, 'b')",
      visits: "('ann', '2024-05-15 00:00:00'), ('ann', '2024-06-15 00:00:00'), ('bob', '2024-06-15 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    try shop.change(
      """
      drop table t; create table t (customer_id text, x text, y real);
      insert into t values ('ann', 'seven', 0.5), ('bob', 'eight', null);
      """)
    #expect(try shop.observe(at: "2024-06-01").contains("2 changed"))
    #expect(
      try shop.exported() == ["ann,2024-05-15T00:00:00Z,7,", "ann,2024-06-15T00:00:00Z,seven,0.5", "bob,2024-06-15T00:00:00Z,eight,"])
    try shop.change("drop table t; create table t (customer_id text, x integer, y real); insert into t values ('ann', 1, 1)")
    let outcome = try shop.gangway("materialize")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("is no int64; 1 more value does not fit"), "\(outcome.standardError)")
    #expect(outcome.standardError.contains("the log keeps it"))
    try shop.define(
      module: "relation: t, grain: customer_id, history: observe", features: "[{name: text, expr: \"cast(x as text)\"}, y]")
    #expect(try shop.exported().first == "ann,2024-05-15T00:00:00Z,7,")
    try shop.change("drop table t; create table t (customer_id integer, x text); insert into t values (1, 'a')")
    #expect(try shop.observe().contains("[grain-changed]"))
  }

  @Test func `logs nothing that nobody could mend`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-06-01 00:00:00')")
    let problems = [
      ("update shop_customers set since = 'today' where customer_id = 'bob'", "[unreadable-time]"),
      ("update shop_customers set since = '2024-02-01 00:00:00', customer_id = 'ann' where customer_id = 'bob'", "[duplicate-grain]"),
      ("update shop_customers set customer_id = null where tier = 'silver'", "[null-record-id]"),
      ("update shop_customers set customer_id = 'bob', tier = x'00' where tier = 'silver'", "[blob-value]"),
      ("alter table shop_customers rename column customer_id to id", "[missing-column]"),
      ("drop table shop_customers", "[missing-relation]"),
    ]
    for (change, rule) in problems {
      try shop.change(change)
      let found = try shop.observe()
      #expect(found.contains(rule), "\(found)")
    }
    #expect(try shop.gangway("show", "shop_customers").standardOutput.contains("last observed") == false)
  }

  @Test func `knows an empty first look from none`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-05-15 00:00:00'), ('ann', '2024-06-15 00:00:00')")
    try shop.change("create table aside as select * from shop_customers; delete from shop_customers")
    #expect(try shop.observe(at: "2024-05-01").contains("0 new"))
    try shop.change("insert into shop_customers select * from aside")
    #expect(try shop.observe(at: "2024-06-01").contains("3 new"))
    #expect(try shop.exported() == ["ann,2024-05-15T00:00:00Z,", "ann,2024-06-15T00:00:00Z,gold"])
  }

  @Test func `leaves timeless views with what the module holds now`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-05-15 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    try shop.change("update shop_customers set tier = 'platinum'")
    try shop.define(
      module: "relation: shop_customers, grain: customer_id, history: observe", features: "[tier]", view: "timeless: true, ")
    #expect(try shop.exported() == ["ann,2024-05-15T00:00:00Z,platinum"])
  }

  @Test func `keeps to its names, and tells programs what it found`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-05-15 00:00:00')")
    #expect(try shop.gangway("observe", "visits").standardError.contains("[not-observed]"))
    #expect(try shop.gangway("observe", "shop_customer").standardError.contains("did you mean \"shop_customers\"?"))
    let outcome = try shop.gangway("observe", "shop_customers", "--at", "2024-05-01T12:00:00+02:00", "--json")
    let document = try parsed(outcome.standardOutput)
    #expect(document["schema"] as? String == "gangway.observe/1")
    let module = try #require((document["modules"] as? [[String: Any]])?.first)
    #expect(module["observed_at"] as? String == "2024-05-01T10:00:00Z")
    #expect(module["new"] as? Int == 3)
    #expect(module["is_first"] as? Bool == true)
    let shown = try shop.gangway("show", "shop_customers").standardOutput
    #expect(shown.contains(/last observed\n +at +2024-05-01T10:00:00Z\n +rows +3\n/), "\(shown)")
    #expect(try shop.gangway("list", "modules").standardOutput.contains(/shop_customers +relation +customer_id +3\n/))
    #expect(try SampleProject().gangway("observe").standardOutput == "nothing to observe: no module has `history: observe`\n")
  }

  @Test func `finds a flipped bit in a log, and names the look`() throws {
    let shop = try ShopProject(visits: "('ann', '2024-05-15 00:00:00')")
    _ = try shop.observe(at: "2024-05-01")
    #expect(try shop.gangway("gc", "--keep", "0s").standardOutput.contains("removed 0 files"))
    let segment = try #require(shop.files.first { $0.hasSuffix(".arrow") })
    var bytes = try #require(shop.folder.bytes(segment))
    bytes[bytes.count / 2] ^= 8
    try Data(bytes).write(to: shop.url.appending(path: segment))
    let outcome = try shop.gangway("verify")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains(segment.split(separator: "/").last ?? ""))
    #expect(outcome.standardError.contains("module shop_customers as observed at 2024-05-01T00:00:00Z"))
    for words in [["observe"], ["materialize"]] {
      let refused = try BuiltBinary.run(words, in: shop.url)
      #expect(refused.exit == 1)
      #expect(refused.standardError.contains("the log of observed module \"shop_customers\""), "\(refused.standardError)")
    }
  }

  @Test(arguments: 1...4)
  func `comes to what a module with all of its past says`(seed: Int) throws {
    var state = UInt64(seed)
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let visits = (0..<300).map { _ in "('c\(random(12))', '2024-\(String(format: "%02d", 1 + random(9)))-15 00:00:00')" }
    let features = "[tier, {name: n, aggregate: [count, first], of: tier, windows: [40d, lifetime]}]"
    let shop = try ShopProject(
      features: features,
      tables: """
        create table shop_customers (customer_id text, tier integer, since text);
        create table past (customer_id text, tier integer, since text, known text, gone integer);
        """,
      visits: visits.joined(separator: ", "))
    var rows: [Int: (tier: Int, since: Int)] = [:]
    for month in 2...7 {
      let look = "2024-0\(month)-01 00:00:00"
      for _ in 0..<8 {
        let customer = random(12)
        let old = rows[customer]
        rows[customer] = random(4) == 0 ? nil : (random(5), random(3) == 0 ? 1 + random(9) : old?.since ?? 1 + random(month))
      }
      // What is gone and what is there, by hand.
      try shop.change("insert into past select customer_id, null, null, '\(look)', 1 from shop_customers; delete from shop_customers")
      for (customer, row) in rows.sorted(by: { $0.key < $1.key }) {
        let since = "2024-0\(row.since)-01 00:00:00"
        let known = month == 2 ? min(since, look) : look
        try shop.change(
          """
          delete from past where customer_id = 'c\(customer)' and known = '\(look)' and gone;
          insert into shop_customers values ('c\(customer)', \(row.tier), '\(since)');
          insert into past select 'c\(customer)', \(row.tier), '\(since)', '\(known)', 0;
          """)
      }
      #expect(try shop.observe(at: String(look.prefix(10))).contains("observed"))
    }
    let observed = try shop.exported()
    #expect(observed.count == 300)
    try shop.define(
      module: "relation: past, record_id: customer_id, event_time: since, known_time: known, deleted: gone, on_null_time: skip",
      features: features)
    #expect(try shop.exported() == observed)
  }
}
