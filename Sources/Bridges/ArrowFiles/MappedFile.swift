import Columns
import Files

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file's bytes in memory, read-only, for as long as somebody holds it.
@safe
final class MappedFile: MemoryOwner, @unchecked Sendable {
  // Safe because: the memory is never written to and is unmapped only in deinit.
  private let base: UnsafeRawPointer
  let byteCount: Int
  let path: String

  init(path: String) throws(ArrowFileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(.system(path: path, action: "read", code: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .file(.system(path: path, action: "read", code: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged(path: path, what: "it is not a regular file") }
    byteCount = Int(status.st_size)
    guard byteCount > 0 else { throw .damaged(path: path, what: "it is empty") }
    guard let memory = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0), unsafe memory != MAP_FAILED else {
      throw .file(.system(path: path, action: "map", code: errno))
    }
    unsafe base = UnsafeRawPointer(memory)
    self.path = path
  }

  deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount) }

  /// Takes the pages out of the process's resident set; the next access reads them again.
  func releasePages() { unsafe madvise(UnsafeMutableRawPointer(mutating: base), byteCount, MADV_DONTNEED) }

  /// The same of a stretch's pages, and of those around it that the system maps along when one of them is touched.
  func releasePages(_ range: Range<Int>) {
    let around = max(1 << 16, Int(getpagesize()))
    guard range.lowerBound >= 0, range.lowerBound < range.upperBound, range.upperBound <= byteCount else { return }
    let (start, end) = (range.lowerBound / around * around, min(byteCount, (range.upperBound + around - 1) / around * around))
    unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_DONTNEED)
  }

  /// A copy of a stretch that lies within the file.
  func copy(_ range: Range<Int>) -> ContiguousArray<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // Safe because: the range was checked, and the bytes are copied at once.
    return unsafe ContiguousArray(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// `count` values in place; the range must lie within the file and be aligned for them.
  func buffer<Element: BitwiseCopyable & Sendable>(_ range: Range<Int>, count: Int) -> Buffer<Element> {
    let (length, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    precondition(!overflow && count >= 0 && length <= range.count)
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    precondition(range.lowerBound % MemoryLayout<Element>.alignment == 0)
    // Safe because: range and alignment were checked (a mapping begins at a page), and the buffer holds `self`.
    let start = unsafe (base + range.lowerBound).assumingMemoryBound(to: Element.self)
    return unsafe Buffer(mapped: UnsafeBufferPointer(start: start, count: count), owner: self)
  }
}
