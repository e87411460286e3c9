import Foundation
import SQLiteWarehouse
import Testing
import Times
import Warehouses

@Suite struct `Warehouse files` {
  let scratch = Scratch()
  private let any = RelationBuild(
    name: "b", kind: .table, content: .select("select 1 as a"), grain: [], requiredColumns: [], typedColumns: [], zone: .utc)

  @Test func `that are missing stay missing`() {
    let warehouse = SQLiteWarehouse(path: scratch.path("none.sqlite"), displayName: "none.sqlite")
    #expect(failure { try warehouse.relationNames() } == #"unavailable(warehouse: "none.sqlite", reason: "there is no such file")"#)
    #expect(failure { try warehouse.build(any) }.hasPrefix("unavailable"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("none.sqlite")))
    let folder = SQLiteWarehouse(path: scratch.folder, displayName: "folder")
    #expect(failure { try folder.relationNames() } == #"unavailable(warehouse: "folder", reason: "it is a folder")"#)
  }

  @Test func `that are no database are corrupt`() {
    let path = scratch.write(String(repeating: "This is no database. ", count: 100), to: "text.sqlite")
    let warehouse = SQLiteWarehouse(path: path, displayName: "text.sqlite")
    #expect(failure { try warehouse.relationNames() }.hasPrefix("corrupt"))
    #expect(failure { try warehouse.build(any) }.hasPrefix("corrupt"))
  }

  @Test func `that are damaged are corrupt`() throws {
    _ = scratch.warehouse(
      """
      create table t (x);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select hex(randomblob(50)) from n;
      """)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path("w.sqlite")))
    for i in stride(from: 5_000, to: bytes.count, by: 7) { bytes[i] = 0xA5 }
    let warehouse = SQLiteWarehouse(path: scratch.write(Array(bytes), to: "damaged.sqlite"), displayName: "damaged.sqlite")
    #expect(failure { try warehouse.column("x") }.hasPrefix("corrupt"))
  }

  @Test func `that are empty have no relations`() throws {
    let warehouse = SQLiteWarehouse(path: scratch.write("", to: "empty.sqlite"), displayName: "empty.sqlite")
    #expect(try warehouse.relationNames() == [])
  }

  @Test func `that somebody has locked are busy`() throws {
    let warehouse = scratch.warehouse("create table t (x)", timeout: 50)
    let other = Database(scratch.path("w.sqlite"))
    other.run("begin exclusive")
    #expect(failure { try warehouse.column("x") } == #"busy(warehouse: "w.sqlite")"#)
    #expect(failure { try warehouse.build(any) } == #"busy(warehouse: "w.sqlite")"#)
    other.run("commit")
    #expect(try warehouse.build(any).rowCount == 1)
  }

  @Test func `in WAL mode are read while somebody writes`() throws {
    let warehouse = scratch.warehouse("pragma journal_mode = wal; create table t (x); insert into t values (1)", timeout: 50)
    let other = Database(scratch.path("w.sqlite"))
    other.run("begin immediate; insert into t values (2)")
    #expect(try warehouse.column("x").column.texts == ["1"])
    #expect(failure { try warehouse.build(any) } == #"busy(warehouse: "w.sqlite")"#)
    other.run("commit")
    #expect(try warehouse.column("x").column.texts == ["1", "2"])
  }

  @Test func `that a killed writer left half-written are read as they were before it`() throws {
    _ = scratch.warehouse(
      """
      create table t (x);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select 1 from n;
      """)
    let writer = Database(scratch.path("w.sqlite"))
    // A cache of few pages has to write some of them before the end.
    writer.run("pragma cache_size = 2; begin immediate; update t set x = 2")
    for end in ["", "-journal"] {
      try FileManager.default.copyItem(atPath: scratch.path("w.sqlite\(end)"), toPath: scratch.path("killed.sqlite\(end)"))
    }
    writer.run("rollback")
    let warehouse = SQLiteWarehouse(path: scratch.path("killed.sqlite"), displayName: "killed.sqlite")
    #expect(Set(try warehouse.column("x").column.texts) == ["1"])
    #expect(!FileManager.default.fileExists(atPath: scratch.path("killed.sqlite-journal")))
  }

  @Test func `are not written by reading`() throws {
    let warehouse = scratch.warehouse("create table t (x); insert into t values (1)")
    let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path("w.sqlite")))
    _ = try warehouse.column("x")
    _ = try warehouse.examine(expression: "x", over: "t")
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("w.sqlite"))) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == ["w.sqlite"])
  }

  @Test(.enabled(if: getuid() != 0, "root may read and write everything"))
  func `without permission are unavailable`() throws {
    let warehouse = scratch.warehouse("pragma journal_mode = wal; create table t (x); insert into t values (1)")
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.folder)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.folder) }
    #expect(failure { try warehouse.column("x") }.contains("WAL mode"))
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: scratch.path("w.sqlite"))
    #expect(failure { try warehouse.column("x") }.contains("Permission denied"))
  }
}
