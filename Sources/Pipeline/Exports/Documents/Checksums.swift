/// `SHA256SUMS`: what `sha256sum -c` reads, members in the archive's order.
package func checksums(_ members: [MemberFacts]) -> String {
  members.map { "\($0.sha256)  \($0.name)\n" }.joined()
}
