import Foundation
import Planning

/// What an archive is and rests on, as its `manifest.json` says it. Keys are sorted, times are UTC text.
struct Manifest: Codable {
  var archiveFormat = 1
  /// The version of the point-in-time rules.
  var rules = 1
  var purpose = ExportPurpose.training
  /// Names the content: see ``contentDigest``.
  var digest = ""
  let trainingSet: String
  var description: String?
  var owner: String?
  let knowledge: String
  let boundary: String
  let knownBy: String?
  let definitionDigest: String
  let spine: Spine
  let views: [View]
  let columns: [Column]
  let features: [Feature]
  let labels: [Label]
  let inputsNotChecked: [String]
  /// The newest moment that the labels tell of.
  let vintage: String?
  let split: String?
  let parts: [Part]
  /// All but the manifest itself and the checksums.
  var members: [Member]

  struct Spine: Codable {
    let source: String
    let rows: Int
    let oldestDecision: String?
    let newestDecision: String?
    let nonFiniteValues: [String: Int]
  }

  struct View: Codable {
    let view: String
    let alias: String
    let module: String
    let entity: String?
    let snapshot: String
    let rows: Int
    let timeless: Bool
    /// Neither `known_time` nor `delay` is declared: knowledge time is assumed to be event time.
    let knowledgeTimeAssumed: Bool
    /// `observe`: known since a look at the module found it so; absent: the module's rows tell.
    let history: String?
    /// Of a module that is observed: since when the rows of the first look count as known, `event_time` or `now`.
    let firstSeen: String?
    /// Of a model's output: the versions whose predictions are in it.
    var modelVersions: [String]?
    let ttl: String?
    let leftOut: LeftOut
    let ties: Int
    let nonFiniteValues: [String: Int]
  }

  struct LeftOut: Codable {
    let nullKeys: Int
    let nullTimes: Int
    let deletions: Int
    let rejected: Int
    let superseded: Int
  }

  struct Column: Codable {
    let name: String
    let type: String
    let role: String
  }

  struct Feature: Codable {
    let name: String
    let present: Int
    let null: Int
    let missing: Int
    let expired: Int
    let notKnown: Int
    let noKey: Int
    let onBoundary: Int
  }

  struct Label: Codable {
    let name: String
    let null: Int
    let immature: Int
    let horizon: String?
  }

  struct Part: Codable {
    let name: String
    let rows: Int
    let leftOutLateLabels: Int
    let leftOutEmbargo: Int
  }

  struct Member: Codable {
    let name: String
    let bytes: Int
    let sha256: String
  }

  /// The SHA-256 of what the manifest says about the content: of its text with `digest` empty, without `description`, `owner` and the
  /// members that are no tables. So other words in a description or in a data card name the same training set.
  ///
  /// - Precondition: the members are the tables.
  var contentDigest: String {
    var content = self
    (content.digest, content.description, content.owner) = ("", nil, nil)
    return sha256Hex(content.text())
  }

  /// The same text for equal manifests, on any machine.
  func text() -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n" } catch {
      preconditionFailure("a manifest holds texts and numbers only")
    }
  }
}
