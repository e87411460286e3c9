import Definitions
import Diagnostics
import Testing

@Suite struct `Whole projects` {
  /// Every shape of section 4 that this version reads.
  static let freight: [String: String] = [
    "gangway.yml": """
    project: freight
    description: Trucks.
    warehouse: {sqlite: warehouse.sqlite}   # relative
    timezone: America/New_York
    features: features
    store: .gangway
    exports: notebooks-export
    """,
    "features/modules/carrier_deliveries.sql": "select * from {{ source('raw_shipments') }}\n",
    "features/freight.yml": """
    sources:
      - raw_shipments
      - {name: raw_weather, description: "Hourly, at three airports."}
    entities:
      - {name: carrier, key: carrier_id, description: A trucking company., owner: supply}
      - {name: route, key: [carrier, origin, dest]}
      - {name: airport, key: faa}
      - {name: shipment, key: [{name: shipment_id, type: int64}], module: booked_shipments}
    modules:
      - name: carrier_deliveries
        sql: modules/carrier_deliveries.sql
        materialized: table
        grain: shipment_id
        event_time: {column: delivered_at, unit: s}
        known_time: loaded_at
        delay: 6h
        record_id: shipment_id
        deleted: is_deleted
        period: day
        on_null_time: error
        history: full
        columns:
          - {name: revenue, type: float64, description: Billed to the shipper in USD.}
          - {name: has_claim, known_time: {column: delivered_at, delay: 14d}}
      - {name: booked_shipments, layer: staging, relation: booked_shipments, tags: [core], meta: {ticket: OPS-1, list: [1, 2]}}
      - {name: stg_weather, relation: raw_weather, grain: [faa, time_hour], event_time: time_hour, delay: 1h}
    feature_views:
      - name: carrier_service
        entity: carrier
        key: {carrier_id: scac}
        module: carrier_deliveries
        where: "status = 'delivered'"
        event_time: picked_up_at
        ttl: 90d
        features:
          - late_minutes
          - {name: built, column: year}
          - {name: was_late, expr: "late_minutes > 15", type: boolean}
          - {name: late_minutes, aggregate: [mean, max], windows: [7d, 30d]}
          - {name: late, aggregate: mean, of: "late_minutes > 15", windows: 7d, as: "late_rate_{window}"}
          - {name: deliveries, aggregate: count, windows: [7d, lifetime], where: "mode = 'FTL'"}
          - {name: margin, aggregate: ratio, of: [margin, revenue], windows: 30d}
      - {name: weather, entity: airport, module: stg_weather, ttl: 6h, features: [temp, wind_speed]}
      - {name: diesel, module: stg_weather, features: price}
      - {name: registry, entity: shipment, module: booked_shipments, timeless: true, features: [{name: seats, type: int64}, maker]}
    training_sets:
      - name: eta
        spine: &spine
          module: booked_shipments
          as_of: booked_at
          entities: {carrier: {carrier_id: scac}, airport: origin}
          where: "mode = 'FTL'"
          from: 2013-01-01
          keep: shipment_id
          inputs: [weight_lbs]
          label: [{name: late_minutes, known_time: delivered_at}]
          order_by: shipment_id
        features:
          - carrier_service
          - {view: weather, as: origin_weather, entities: {airport: origin}, features: [temp, wind_speed]}
          - diesel
          - registry
        boundary: closed
        knowledge: as_known
        status_columns: false
        split: {by: time, validation: 2013-10-01, test: 2013-11-15}
        format: zip
      - {name: eta_spans, spine: *spine, features: [weather], split: {by: time, validation: 28d, test: 28d, embargo: 7d}}
      - {name: eta_carriers, spine: *spine, features: [weather], split: {by: carrier, train: 0.8, validation: 0.1, test: 0.1, seed: 7}}
      - {name: eta_file, spine: {file: labels.csv, as_of: {column: day, at: "06:00"}, label: y}, features: [diesel], format: tar.gz}

    """,
  ]

  @Test func `all shapes are read`() throws {
    let project = try Fixture(Self.freight).project
    #expect(project.sources.count == 2)
    #expect(project.entities.map(\.name.value) == ["carrier", "route", "airport", "shipment"])
    #expect(project.modules.count == 3)
    #expect(
      project.featureView("carrier_service")?.columns.map(\.name) == [
        "late_minutes", "built", "was_late", "late_minutes_mean_7d", "late_minutes_mean_30d", "late_minutes_max_7d",
        "late_minutes_max_30d", "late_rate_7d", "deliveries_count_7d", "deliveries_count_lifetime", "margin_ratio_30d",
      ])
    #expect(project.trainingSets.map(\.name.value) == ["eta", "eta_spans", "eta_carriers", "eta_file"])
    #expect(project.module("booked_shipments")?.about.meta == ["ticket": "OPS-1", "list": "[1, 2]"])
    #expect(project.trainingSet("eta")?.features[1].keyColumns.map(\.value) == ["origin"])
  }

  @Test func `definitions may stand in several files in any order`() throws {
    let text = try #require(Self.freight["features/freight.yml"])
    let cut = try #require(text.firstRange(of: "feature_views:"))
    var files = Self.freight
    files["features/freight.yml"] = nil
    files["features/a.yml"] = String(text[cut.lowerBound...])
    files["features/b.yml"] = String(text[..<cut.lowerBound])
    #expect(try Fixture(files).project.featureViews.count == 4)
  }
}

/// Small and seeded, so that a failure can be replayed.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct `Broken files never crash` {
  static let alphabet = Array("\n\t :-[]{}&*!|>'\"%@`#,?0a~$_\u{0}\u{7F}".utf8) + [0xC3, 0xFF, 0xE2]

  /// - Returns: one to eight flips, deletions or insertions, sometimes a cut.
  static func mutate(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var random = SplitMix(state: seed)
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &random)
      let byte = alphabet.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<12, using: &random) {
      case 0: bytes.removeSubrange(index...)
      case 1...3: bytes.remove(at: index)
      case 4...6: bytes.insert(byte, at: index)
      case 7: bytes.insert(contentsOf: bytes[index..<min(index + 40, bytes.count)], at: index)
      default: bytes[index] = byte
      }
    }
    return bytes
  }

  @Test(arguments: 0..<8)
  func `mutated definitions are read or refused with places`(block: Int) throws {
    var fixture = Fixture(`Whole projects`.freight)
    let whole = try #require(fixture.files["features/freight.yml"])
    for seed in UInt64(block * 40)..<UInt64(block * 40 + 40) {
      fixture.files["features/freight.yml"] = Self.mutate(whole, seed: seed)
      let diagnostics = fixture.diagnostics
      #expect(diagnostics.allSatisfy { $0.location != nil && $0.hint != nil }, "seed \(seed)")
      #expect(diagnostics.inFileOrder == diagnostics, "seed \(seed)")
    }
  }

  @Test(arguments: 1000..<1060)
  func `mutated settings are read or refused`(seed: Int) throws {
    var fixture = Fixture(`Whole projects`.freight)
    let whole = try #require(fixture.files["gangway.yml"])
    fixture.files["gangway.yml"] = Self.mutate(whole, seed: UInt64(seed))
    #expect(fixture.diagnostics.allSatisfy { $0.hint != nil })
  }

  @Test func `deep nesting is refused`() {
    let deep = String(repeating: "[", count: 50_000)
    #expect(Fixture("sources: \(deep)").diagnostics.count == 1)
    let closed = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
    #expect(Fixture("sources: \(closed)").diagnostics.map(\.rule) == ["yaml-syntax"])
  }

  @Test func `aliases of aliases are refused`() {
    let lines = (1...30).map { "- &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }
    #expect(Fixture("- &a0 [x]\n" + lines.joined(separator: "\n")).diagnostics.map(\.rule) == ["yaml-syntax"])
  }
}
