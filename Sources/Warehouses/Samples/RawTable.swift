/// The raw tables, as an extract-and-load tool would leave them: no keys, no constraints, loose types.
enum RawTable: Int, CaseIterable {
  case hubs, lanes, carriers, shipments, stops, quotes, invoices, yardDays, dieselPrices

  var name: String {
    switch self {
    case .hubs: "raw_hubs"
    case .lanes: "raw_lanes"
    case .carriers: "raw_carriers"
    case .shipments: "raw_shipments"
    case .stops: "raw_stops"
    case .quotes: "raw_quotes"
    case .invoices: "raw_invoices"
    case .yardDays: "raw_yard_days"
    case .dieselPrices: "raw_diesel_prices"
    }
  }

  /// Each with its declared type.
  var columns: [String] {
    switch self {
    case .hubs: ["hub text", "region text", "country text"]
    case .lanes: ["origin text", "destination text", "km integer"]
    case .carriers:
      [
        "carrier_id text", "name text", "country text", "founded integer", "fleet_size integer", "rating text", "valid_from text",
        "_loaded_at text",
      ]
    case .shipments:
      [
        "shipment_id integer", "customer text", "carrier_id text", "origin text", "destination text", "equipment text", "weight_kg real",
        "booked_at text", "pickup_due_at text", "delivery_due_at text", "status text", "delivered_at text", "claim integer",
        "_loaded_at text", "_deleted integer",
      ]
    case .stops:
      [
        "stop_id integer", "shipment_id integer", "kind text", "hub text", "carrier_id text", "arrived_local text", "minutes_late integer",
        "dwell_minutes integer", "status text", "_loaded_at text", "_deleted integer",
      ]
    case .quotes:
      [
        "quote_id integer", "shipment_id integer", "carrier_id text", "price_eur real", "quoted_at integer", "outcome text",
        "decided_at integer", "_loaded_at integer",
      ]
    case .invoices:
      [
        "invoice_id text", "shipment_id integer", "carrier_id text", "billed_on text", "amount_eur real", "settled_eur real",
        "settled_on text", "_loaded_at text", "_deleted integer",
      ]
    case .yardDays: ["region text", "day text", "trucks integer", "queue_minutes integer", "_loaded_at text"]
    case .dieselPrices: ["week text", "eur_per_litre real", "_loaded_at text"]
    }
  }

  var creation: String { "create table \(name) (\(columns.joined(separator: ", ")))" }

  var insertion: String { "insert into \(name) values (\(columns.map { _ in "?" }.joined(separator: ", ")))" }
}

/// A value of a raw table.
enum RawValue: Hashable {
  case null
  case integer(Int)
  case real(Double)
  case text(String)

  static func text(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
  static func integer(_ integer: Int?) -> Self { integer.map { .integer($0) } ?? .null }
  /// Whole cents as euros.
  static func euros(_ cents: Int?) -> Self { cents.map { .real(Double($0) / 100) } ?? .null }
}

struct RawRow: Hashable {
  let table: RawTable
  let values: [RawValue]
}
