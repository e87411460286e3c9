import Kernels
import Testing

@Suite struct `Order keys` {
  @Test func `order doubles as they are`() {
    let values = [-Double.infinity, -1e300, -2, -1, -0x1p-1074, 0, 0x1p-1074, 1, 2, 1e300, .infinity]
    #expect(values.map(orderKey) == values.map(orderKey).sorted())
    #expect(Set(values.map(orderKey)).count == values.count)
  }
}
