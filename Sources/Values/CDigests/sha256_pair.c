#include "CDigests.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define INLINED __attribute__((always_inline)) static inline

// The constants of FIPS 180-4, 4.2.2.
static const uint32_t constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// The words of the state in the order in which the instructions want them, and sixteen words of the message schedule.
typedef struct {
  __m128i abef, cdgh;
  __m128i words[4];
} Lane;

WITH_SHA INLINED void begin(Lane *lane) {
  lane->abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
  lane->cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
}

// Words are big-endian in a message.
WITH_SHA INLINED __m128i swapped(__m128i bytes) {
  return _mm_shuffle_epi8(bytes, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

WITH_SHA INLINED void load(Lane *lane, const uint8_t *block) {
  for (int i = 0; i < 4; i++) lane->words[i] = swapped(_mm_loadu_si128((const __m128i *)(block + 16 * i)));
}

// Rounds 4 · step to 4 · step + 3, and the schedule's words for four steps later.
WITH_SHA INLINED void four_rounds(Lane *lane, int step) {
  __m128i words = lane->words[step & 3], before = lane->words[(step + 3) & 3];
  __m128i sum = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(constants + 4 * step)));
  lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, sum);
  lane->abef = _mm_sha256rnds2_epu32(lane->abef, lane->cdgh, _mm_shuffle_epi32(sum, 0x0E));
  if (step >= 12) return;
  __m128i next = _mm_sha256msg1_epu32(words, lane->words[(step + 1) & 3]);
  next = _mm_add_epi32(next, _mm_alignr_epi8(before, lane->words[(step + 2) & 3], 4));
  lane->words[step & 3] = _mm_sha256msg2_epu32(next, before);
}

WITH_SHA INLINED void end(const Lane *lane, uint8_t *digest) {
  __m128i abef = _mm_shuffle_epi32(lane->abef, 0x1B), cdgh = _mm_shuffle_epi32(lane->cdgh, 0x1B);
  _mm_storeu_si128((__m128i *)digest, swapped(_mm_unpacklo_epi64(abef, cdgh)));
  _mm_storeu_si128((__m128i *)(digest + 16), swapped(_mm_unpackhi_epi64(abef, cdgh)));
}

WITH_SHA static void compress_pair(Lane *restrict first, Lane *restrict second, const uint8_t *a, const uint8_t *b, size_t blocks) {
  Lane x = *first, y = *second;
  for (; blocks > 0; blocks--, a += 64, b += 64) {
    __m128i x_abef = x.abef, x_cdgh = x.cdgh, y_abef = y.abef, y_cdgh = y.cdgh;
    load(&x, a);
    load(&y, b);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) {
      four_rounds(&x, step);
      four_rounds(&y, step);
    }
    x.abef = _mm_add_epi32(x.abef, x_abef);
    x.cdgh = _mm_add_epi32(x.cdgh, x_cdgh);
    y.abef = _mm_add_epi32(y.abef, y_abef);
    y.cdgh = _mm_add_epi32(y.cdgh, y_cdgh);
  }
  *first = x;
  *second = y;
}

WITH_SHA static void compress(Lane *lane, const uint8_t *block, size_t blocks) {
  Lane x = *lane;
  for (; blocks > 0; blocks--, block += 64) {
    __m128i abef = x.abef, cdgh = x.cdgh;
    load(&x, block);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) four_rounds(&x, step);
    x.abef = _mm_add_epi32(x.abef, abef);
    x.cdgh = _mm_add_epi32(x.cdgh, cdgh);
  }
  *lane = x;
}

WITH_SHA void gangway_sha256_pair(
  const uint8_t *first, size_t first_blocks, const uint8_t *second, size_t second_blocks, uint8_t *first_digest, uint8_t *second_digest
) {
  Lane x, y;
  begin(&x);
  begin(&y);
  size_t shared = first_blocks < second_blocks ? first_blocks : second_blocks;
  compress_pair(&x, &y, first, second, shared);
  compress(&x, first + 64 * shared, first_blocks - shared);
  compress(&y, second + 64 * shared, second_blocks - shared);
  end(&x, first_digest);
  end(&y, second_digest);
}

bool gangway_has_sha256_pair(void) {
  unsigned a, b, c, d;
  // SSSE3 and SSE4.1; then the SHA extensions.
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

#else

// Elsewhere a library's SHA-256 is asked, message by message.
bool gangway_has_sha256_pair(void) { return false; }

void gangway_sha256_pair(
  const uint8_t *first, size_t first_blocks, const uint8_t *second, size_t second_blocks, uint8_t *first_digest, uint8_t *second_digest
) {
  __builtin_trap();
}

#endif
