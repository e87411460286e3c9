import Gangway

/// What a command with `--json` writes: one object that names its form, so that programs know what they read.
struct Document {
  private let members: [String: JSONValue]

  /// - Parameters:
  ///   - name: of the command; the number changes when members go or mean something else, not when some are added.
  init(_ name: String, version: Int = 1, _ members: [String: JSONValue]) {
    self.members = members.merging(["schema": .string("gangway.\(name)/\(version)")]) { $1 }
  }

  var text: String { JSONValue.object(members).text }
}

extension Document {
  static func errors(_ error: GangwayError) -> Document {
    let errors = error.problems.map { problem -> JSONValue in
      [
        "file": JSONValue(problem.file), "line": JSONValue(problem.line), "column": JSONValue(problem.column),
        "rule": JSONValue(problem.rule), "message": .string(problem.message), "hint": JSONValue(problem.hint),
      ]
    }
    return Document("error", ["busy": .bool(error.isBusy), "errors": .array(errors)])
  }

  static func check(_ project: String, _ report: CheckReport) -> Document {
    Document(
      "check",
      [
        "project": .string(project), "entities": JSONValue(report.entities), "modules": JSONValue(report.modules),
        "marts": JSONValue(report.marts),
        "feature_views": JSONValue(report.featureViews), "feature_columns": JSONValue(report.featureColumns),
        "training_sets": JSONValue(report.trainingSets), "notes": JSONValue(report.notes),
      ])
  }

  static func build(_ built: [BuildReport]) -> Document {
    let modules = built.map { module -> JSONValue in
      [
        "module": .string(module.module), "kind": .string(module.kind), "rows": JSONValue(module.rows),
        "seconds": .number(module.seconds), "remarks": JSONValue(module.remarks),
      ]
    }
    return Document("build", ["modules": .array(modules)])
  }

  static func observe(_ observed: [ObserveReport]) -> Document {
    let modules = observed.map { module -> JSONValue in
      [
        "module": .string(module.module), "observed_at": .string(module.observedAtText), "new": JSONValue(module.new),
        "changed": JSONValue(module.changed), "gone": JSONValue(module.gone), "unchanged": JSONValue(module.unchanged),
        "is_first": .bool(module.isFirst), "is_logged": .bool(module.isLogged), "remarks": JSONValue(module.remarks),
      ]
    }
    return Document("observe", ["modules": .array(modules)])
  }

  static func materialize(_ made: [MaterializeReport]) -> Document {
    let views = made.map { view -> JSONValue in
      [
        "view": .string(view.view), "rows_read": JSONValue(view.rowsRead), "rows": JSONValue(view.rows), "digest": .string(view.digest),
        "is_new": .bool(view.isNew), "seconds": .number(view.seconds), "remarks": JSONValue(view.remarks),
      ]
    }
    return Document("materialize", ["views": .array(views)])
  }

  static func export(_ report: ExportReport, notes: [String]) -> Document {
    let parts = report.parts.map { part -> JSONValue in ["name": .string(part.name), "rows": JSONValue(part.rows)] }
    return Document(
      "export",
      [
        "training_set": .string(report.trainingSet), "version": JSONValue(report.number),
        "purpose": .string(report.number == nil ? "scoring" : "training"), "path": .string(report.path),
        "bytes": JSONValue(report.bytes), "digest": .string(report.digest), "columns": JSONValue(report.columns),
        "parts": .array(parts), "notes": JSONValue(notes), "seconds": .number(report.seconds),
      ])
  }

  static func verify(_ archive: String?, _ report: VerifyReport) -> Document {
    Document(
      "verify", ["archive": JSONValue(archive), "looked_at": .string(report.looked), "damages": JSONValue(report.damages)])
  }

  static func collect(_ report: CollectReport, isDry: Bool) -> Document {
    let removed = report.things.map { thing -> JSONValue in ["name": .string(thing.name), "bytes": JSONValue(thing.bytes)] }
    return Document("gc", ["dry_run": .bool(isDry), "removed": .array(removed), "bytes": JSONValue(report.bytes)])
  }

  static func sample(_ report: SampleReport) -> Document {
    let tables = report.tables.map { table -> JSONValue in ["name": .string(table.name), "rows": JSONValue(table.rows)] }
    return Document("sample", ["path": .string(report.path), "tables": .array(tables), "seconds": .number(report.seconds)])
  }
}
