import Foundation
import TestSupport
import Testing

/// Views whose values everybody may read.
@Suite struct `Published views` {
  private let ports = """
    feature_views:
      - {name: port_facts, entity: port, module: ports, timeless: true, publish: true, features: [country]}
      - {name: fuel, module: prices, publish: true, features: [price]}
    """

  private func project() throws -> LoopProject {
    let project = try LoopProject()
    try project.write(
      "features/ports.yml",
      """
      entities: [{name: port, key: port}]
      modules:
        - {name: ports, relation: raw_ports}
        - {name: prices, relation: raw_prices, event_time: at}
      \(ports)
      """)
    try project.change(
      """
      create table raw_ports (port text, country text);
      insert into raw_ports values ('Genova', 'IT'), ('Gdynia', 'PL'), (null, 'XX');
      create table raw_prices (at text, price real);
      insert into raw_prices values ('2024-01-01T06:00:00Z', 1.5), ('2024-01-08T06:00:00Z', 1.5), ('2024-01-15T06:00:00Z', 1.75);
      """)
    #expect(try project.gangway("publish", "port_facts", "fuel").exit == 0)
    return project
  }

  @Test func `without time have been so always`() throws {
    let project = try project()
    #expect(
      try project.rows("select port || ' ' || country || coalesce(valid_from, ' always') from port_facts order by port") == [
        "Gdynia PL always", "Genova IT always",
      ])
    #expect(
      try project.rows(
        """
        select port || ' ' || country from port_facts__history
        where valid_from_us <= -62135596800000000 and (valid_to_us is null or -62135596800000000 < valid_to_us) order by port
        """) == ["Gdynia PL", "Genova IT"])
  }

  @Test func `without entity are one series, a row where the values change`() throws {
    let project = try project()
    #expect(
      try project.rows("select price || ' ' || valid_from || ' ' || coalesce(valid_to, '') from fuel__history order by valid_from_us") == [
        "1.5 2024-01-01T06:00:00.000000Z 2024-01-15T06:00:00.000000Z", "1.75 2024-01-15T06:00:00.000000Z ",
      ])
    #expect(try project.rows("select price || '' from fuel") == ["1.75"])
  }

  @Test func `go on with time whenever a mart that joins them is built`() throws {
    let project = try LoopProject()
    try project.change(
      """
      create table raw_prices (at integer, price real);
      insert into raw_prices values (unixepoch(), 1.5);
      create table asked (id integer, at integer);
      insert into asked select 1, at from raw_prices union all select 2, at + 2 from raw_prices;
      """)
    try project.write(
      "features/prices.yml",
      """
      modules:
        - {name: prices, relation: raw_prices, event_time: {column: at, unit: s}}
        - {name: asked_at, relation: asked}
      feature_views: [{name: fuel, module: prices, ttl: 2s, publish: true, features: [price]}]
      marts: [{name: asked_prices, entity: shipment, base: asked_at, join: [{view: fuel, as_of: {column: at, unit: s}}]}]
      """)
    #expect(try project.gangway("publish", "fuel").exit == 0)
    Thread.sleep(forTimeInterval: 3)
    let built = try project.gangway("build", "asked_prices")
    #expect(built.exit == 0, "\(built.standardError)")
    #expect(try project.rows("select id || ' ' || coalesce(price, 'expired') from asked_prices order by id") == ["1 1.5", "2 expired"])
  }
}
