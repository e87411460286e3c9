package import Archives
import Columns

/// What a `croissant.json` describes: the loader wants the hash of what it opens, and an archive cannot hold its own.
package enum CroissantDistribution: Sendable {
  case extractedFiles
  case archive(fileName: String, format: ArchiveFormat, bytes: Int, sha256: String)
}

extension ArchiveFacts {
  /// MLCommons Croissant 1.0: one RecordSet per part, and the vocabulary of splits where there are several.
  ///
  /// A FileSet with a split taken from file names would be usual, but no loader reads it inside an archive. The context is 1.0's; with
  /// `conformsTo` 1.1 it would validate and not load.
  package func croissant(of distribution: CroissantDistribution) -> String {
    JSON.fields([
      "@context": croissantContext,
      "@type": "sc:Dataset",
      "conformsTo": "http://mlcommons.org/croissant/1.0",
      "name": .text(name),
      "description": description.map(JSON.text),
      "distribution": .array(files(distribution)),
      "recordSet": .array((isSplit ? [splits] : []) + parts.map(recordSet)),
    ]).document
  }

  private var isSplit: Bool { parts.contains { croissantSplits[$0.name] != nil } }

  private func files(_ distribution: CroissantDistribution) -> [JSON] {
    switch distribution {
    case .extractedFiles: return parts.map { file($0, in: nil) }
    case .archive(let fileName, let format, let bytes, let sha256):
      let archive: JSON = [
        "@type": "cr:FileObject", "@id": "archive", "name": .text(fileName), "contentUrl": .text(fileName),
        "contentSize": "\(bytes) B", "encodingFormat": .text(format.croissantEncoding), "sha256": .text(sha256),
      ]
      return [archive] + parts.map { file($0, in: "archive") }
    }
  }

  private func file(_ part: Part, in archive: String?) -> JSON {
    .fields([
      "@type": "cr:FileObject",
      "@id": .text(part.member.name),
      "name": .text(part.member.name),
      "contentUrl": .text(part.member.name),
      "contentSize": "\(part.member.bytes) B",
      "encodingFormat": "text/csv",
      "sha256": .text(part.member.sha256),
      "containedIn": archive.map { ["@id": .text($0)] },
    ])
  }

  private var splits: JSON {
    let rows = parts.compactMap { part in
      croissantSplits[part.name].map { ["splits/name": .text(part.name), "splits/url": .text($0)] as JSON }
    }
    return [
      "@type": "cr:RecordSet", "@id": "splits", "name": "splits", "dataType": "cr:Split", "key": ["@id": "splits/name"],
      "field": [
        ["@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"],
        ["@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": "sc:URL"],
      ],
      "data": .array(rows),
    ]
  }

  private func recordSet(_ part: Part) -> JSON {
    var fields = columns.map { field($0, of: part) }
    if croissantSplits[part.name] != nil {
      fields.append(
        [
          "@type": "cr:Field", "@id": "\(part.name)/\(splitFieldName)", "name": .text(splitFieldName), "dataType": "sc:Text",
          "value": .text(part.name),
        ])
    }
    return ["@type": "cr:RecordSet", "@id": .text(part.name), "name": .text(part.name), "field": .array(fields)]
  }

  private func field(_ column: Column, of part: Part) -> JSON {
    .fields([
      "@type": "cr:Field",
      "@id": "\(part.name)/\(column.name.asIdentifier)",
      "name": .text(column.name),
      "description": column.description.map(JSON.text),
      "dataType": .text(column.type.croissantType),
      "source": ["fileObject": ["@id": .text(part.member.name)], "extract": ["column": .text(column.name)]],
    ])
  }

  /// The constant that names a record's part, beside columns that may be called anything.
  private var splitFieldName: String {
    var name = "split"
    while columns.contains(where: { $0.name.asIdentifier == name }) { name += "_" }
    return name
  }
}

private let croissantSplits = ["train": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "test": "cr:TestSplit"]

extension ArchiveFormat {
  /// Of a tar.gz the loader opens only what calls itself a tar; a tar.zst it opens under no name.
  fileprivate var croissantEncoding: String {
    switch self {
    case .zip: "application/zip"
    case .tarGzip: "application/x-tar"
    case .tarZstandard: "application/zstd"
    }
  }
}

extension DataType {
  fileprivate var croissantType: String {
    switch self {
    case .int64: "sc:Integer"
    case .float64: "sc:Float"
    case .boolean: "sc:Boolean"
    case .string: "sc:Text"
    case .date: "sc:Date"
    case .timestamp: "sc:DateTime"
    }
  }
}

extension String {
  /// Percent-encoded where an IRI could not hold it.
  fileprivate var asIdentifier: String {
    var text = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}

/// The context of Croissant 1.0's specification, whole: a shorter one makes loaders warn.
private let croissantContext: JSON = [
  "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
  "cr": "http://mlcommons.org/croissant/", "data": ["@id": "cr:data", "@type": "@json"],
  "dataType": ["@id": "cr:dataType", "@type": "@vocab"], "dct": "http://purl.org/dc/terms/",
  "equivalentProperty": "cr:equivalentProperty", "examples": ["@id": "cr:examples", "@type": "@json"], "extract": "cr:extract",
  "field": "cr:field", "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format",
  "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5",
  "parentField": "cr:parentField", "path": "cr:path", "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet",
  "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
  "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
  "subField": "cr:subField", "transform": "cr:transform",
]
