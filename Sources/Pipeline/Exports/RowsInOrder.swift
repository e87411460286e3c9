package import Archives
import Columns
import Dispatch
import Parallel
import Synchronization

/// Rows of columns on their way into a spool file: formatted on several threads, hashed and written in order.
///
/// Chunks of rows are handed out as threads ask for them. Whoever finishes one and finds the file free writes what is next, so no thread is
/// kept for writing and none waits for one that is. The bytes are the same for any number of threads.
///
/// At any time two chunks of text a thread are in memory, of about ``chunkBytes`` each, whatever the number of rows; a row that is longer
/// is a chunk of its own.
package final class RowsInOrder: Sendable {
  package static let chunkBytes = 1 << 19
  /// Between two of them a pass hears whether to go on.
  private static let chunksPerPass = 48

  private let columns: [CSVColumn]
  private let rowCount: Int
  private let chunkRows: Int
  private let threads: Int
  private let chunks = Mutex(Chunks())
  private let file: SharedSpool
  /// As many as there may still be chunks in memory.
  private let room = DispatchSemaphore(value: 0)

  private struct Chunks {
    /// The next to be handed out.
    var next = 0
    /// Of the pass.
    var end = 0
    /// The next to be written.
    var nextWritten = 0
    var finished: [Int: ContiguousArray<UInt8>] = [:]
    var failure: ArchiveError?
    // Kept, since fresh memory takes time.
    var buffers: [ContiguousArray<UInt8>] = []
    var formatters: [CSVFormatter] = []
  }

  /// - Precondition: there is at least one thread, and every column has so many rows.
  package init(_ columns: [CSVColumn], rowCount: Int, file: SharedSpool, threads: Int, chunkBytes: Int = RowsInOrder.chunkBytes) {
    self.columns = columns
    self.rowCount = rowCount
    self.threads = threads
    self.file = file
    chunkRows = max(1, chunkBytes / max(1, columns.reduce(0) { $0 + $1.usualCellBytes }))
    for _ in 0..<2 * threads { room.signal() }
  }

  /// - Parameter progress: called on this thread, now and then, with the number of rows written so far.
  package func write(progress: (Int) -> Void, isCancelled: () -> Bool) throws(ArchiveError) {
    let chunkCount = (rowCount + chunkRows - 1) / chunkRows
    var done = 0
    while done < chunkCount {
      if isCancelled() { throw .cancelled }
      done = min(done + Self.chunksPerPass * threads, chunkCount)
      let end = done
      chunks.withLock { $0.end = end }
      inParallel(threads) { _ in self.formatChunks() }
      if let failure = chunks.withLock({ $0.failure }) { throw failure }
      progress(min(done * chunkRows, rowCount))
    }
  }

  /// What each thread does.
  private func formatChunks() {
    var formatter = chunks.withLock { $0.formatters.popLast() } ?? CSVFormatter()
    while case (let number, var text)? = nextChunk() {
      let start = number * chunkRows
      formatter.appendRows(start..<min(start + chunkRows, rowCount), of: columns, to: &text)
      let finished = text
      chunks.withLock { $0.finished[number] = finished }
      writeFinished()
    }
    chunks.withLock { $0.formatters.append(formatter) }
  }

  /// - Returns: nil if there is none left, or no sense in going on.
  private func nextChunk() -> (number: Int, buffer: ContiguousArray<UInt8>)? {
    room.wait()
    let taken: (Int, ContiguousArray<UInt8>)? = chunks.withLock { chunks in
      guard chunks.next < chunks.end, chunks.failure == nil else { return nil }
      chunks.next += 1
      return (chunks.next - 1, chunks.buffers.popLast() ?? [])
    }
    if taken == nil { room.signal() }
    return taken
  }

  /// Writes all that is next. If another thread is writing, it will see what has been finished here: it looks again when it is done.
  private func writeFinished() {
    while chunks.withLock({ $0.finished[$0.nextWritten] != nil }) {
      let isWriter: Void? = file.file.withLockIfAvailable { file in
        while let text = chunks.withLock({ $0.finished.removeValue(forKey: $0.nextWritten) }) { write(text, to: file) }
      }
      if isWriter == nil { return }
    }
  }

  private func write(_ text: consuming ContiguousArray<UInt8>, to file: SpoolFile) {
    var failure: ArchiveError?
    do throws(ArchiveError) { try file.write(text) } catch { failure = error }
    text.removeAll(keepingCapacity: true)
    let (buffer, error) = (text, failure)
    chunks.withLock {
      $0.failure = $0.failure ?? error
      $0.nextWritten += 1
      $0.buffers.append(buffer)
    }
    room.signal()
  }
}

/// A spool file that several threads write to, one at a time.
package final class SharedSpool: Sendable {
  fileprivate let file: Mutex<SpoolFile>

  package init(_ file: sending SpoolFile) { self.file = Mutex(file) }

  package func write(_ bytes: ContiguousArray<UInt8>) throws(ArchiveError) {
    try file.withLock { file throws(ArchiveError) in try file.write(bytes) }
  }

  package func finish(as name: String) throws(ArchiveError) -> ArchiveMember {
    try file.withLock { file throws(ArchiveError) in try file.finish(as: name) }
  }
}

extension CSVColumn {
  /// A guess at its cells' size, separators included.
  fileprivate var usualCellBytes: Int {
    guard case .string(let offsets, let bytes) = column.values else { return 12 }
    return 2 + bytes.count / max(1, offsets.count - 1)
  }
}
