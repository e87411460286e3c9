#ifndef GANGWAY_CDIGESTS_H
#define GANGWAY_CDIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has instructions for SHA-256 that `gangway_sha256_pair` is written in.
bool gangway_has_sha256_pair(void);

/// The SHA-256 of two messages at once: one alone keeps the processor waiting for its own last step.
///
/// A message is given as whole blocks of 64 bytes, padded as FIPS 180-4 (5.1.1) says, at least one; its digest is 32 bytes.
void gangway_sha256_pair(
  const uint8_t *_Nonnull first, size_t first_blocks, const uint8_t *_Nonnull second, size_t second_blocks,
  uint8_t *_Nonnull first_digest, uint8_t *_Nonnull second_digest);

#endif
