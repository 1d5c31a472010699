// What the attacker of `native.c` would run for the work of others: BLAKE2b of a block, as friendly-pow wants it, and
// 5,000 rounds of PBKDF2 with SHA-256, as ALTCHA does. Prints tries per second on one core, and what some of them came to.
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include "native-sha256.h"

// --- BLAKE2b of 128 bytes, to 32 bytes, of which only the first four count. The nonce is in the last four ------------

#define BLOCKS 8
typedef uint64_t w __attribute__((vector_size(8 * BLOCKS)));

static const uint64_t IV[8] = {
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint8_t SIGMA[10][16] = {
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
  {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
  {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
  {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
  {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
#define RIGHT(x, n) (((x) >> (n)) | ((x) << (64 - (n))))
#define MIX(a, b, c, d, x, y) \
  a += b + (x), d = RIGHT(d ^ a, 32), c += d, b = RIGHT(b ^ c, 24), \
  a += b + (y), d = RIGHT(d ^ a, 16), c += d, b = RIGHT(b ^ c, 63)

/** The least number that the first nonces come to. */
static uint32_t blake2b(uint32_t tries) {
  uint32_t least = UINT32_MAX;
  w m[16] = {0};
  for (uint64_t from = 0; from < tries; from += BLOCKS) {
    for (int i = 0; i < BLOCKS; i++) m[15][i] = (from + i) << 32;
    w s[16];
    for (int i = 0; i < 16; i++) s[i] = (w){} + IV[i & 7];
    s[0] ^= 0x01010020;
    s[12] ^= 128;
    s[14] = ~s[14];
#pragma GCC unroll 12
    for (int r = 0; r < 12; r++) {
#define M(i) m[SIGMA[r % 10][i]]
      MIX(s[0], s[4], s[8], s[12], M(0), M(1));
      MIX(s[1], s[5], s[9], s[13], M(2), M(3));
      MIX(s[2], s[6], s[10], s[14], M(4), M(5));
      MIX(s[3], s[7], s[11], s[15], M(6), M(7));
      MIX(s[0], s[5], s[10], s[15], M(8), M(9));
      MIX(s[1], s[6], s[11], s[12], M(10), M(11));
      MIX(s[2], s[7], s[8], s[13], M(12), M(13));
      MIX(s[3], s[4], s[9], s[14], M(14), M(15));
    }
    w sum = s[0] ^ s[8] ^ IV[0] ^ 0x01010020;
    for (int i = 0; i < BLOCKS; i++) if ((uint32_t)sum[i] < least) least = sum[i];
  }
  return least;
}

// --- PBKDF2 ----------------------------------------------------------------------------------------------------------

static const uint32_t K[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline void compress(v state[8], const v block[16]) {
  v m[16], s[8];
  for (int i = 0; i < 16; i++) m[i] = block[i];
  for (int i = 0; i < 8; i++) s[i] = state[i];
#pragma GCC unroll 64
  for (int t = 0; t < 64; t++) {
    if (t >= 16) m[t & 15] += SIGMA1(m[t + 14 & 15]) + m[t + 9 & 15] + SIGMA0(m[t + 1 & 15]);
#define S(i) s[(i + 64 - t) & 7]
    ROUND(S(0), S(1), S(2), S(3), S(4), S(5), S(6), S(7), m[t & 15] + K[t]);
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

/** The second block of a message of HMAC: these words, of which the rest are zero. */
static inline void finish(v to[8], const v from[8], const v *words, int count) {
  v block[16] = {0};
  for (int i = 0; i < count; i++) block[i] = words[i];
  block[count] += 0x80000000;
  block[15] += 32 * (16 + count);
  for (int i = 0; i < 8; i++) to[i] = from[i];
  compress(to, block);
}

/** Of an empty salt, and passwords of a word. Returns the first word of the first lane's key. */
static uint32_t pbkdf2(v password, int rounds) {
  v inner[8], outer[8], block[16], middle[8], round[8], key[8], one = (v){} + 1;
  for (int i = 0; i < 8; i++) inner[i] = outer[i] = (v){} + (uint32_t)(IV[i] >> 32);
  for (int i = 0; i < 16; i++) block[i] = (i == 0 ? password : (v){}) ^ 0x36363636;
  compress(inner, block);
  for (int i = 0; i < 16; i++) block[i] ^= 0x36363636 ^ 0x5c5c5c5c;
  compress(outer, block);
  for (int n = 0; n < rounds; n++) {
    if (n == 0) finish(middle, inner, &one, 1);
    else finish(middle, inner, round, 8);
    finish(round, outer, middle, 8);
    for (int i = 0; i < 8; i++) key[i] = n == 0 ? round[i] : key[i] ^ round[i];
  }
  return key[0][0];
}

enum { ROUNDS = 5000 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(void) {
  // Kept, so that they must be computed.
  volatile uint32_t least = blake2b(1 << 20), word;
  double start = seconds();
  least = blake2b(1 << 23);
  double blake2bPerSecond = (1 << 23) / (seconds() - start);

  v password;
  for (int lane = 0; lane < LANES; lane++) password[lane] = lane;
  start = seconds();
  for (int n = 1; n <= 100; n++) word = pbkdf2(password + LANES * n, ROUNDS);
  double pbkdf2PerSecond = 100 * LANES / (seconds() - start);

  least = blake2b(1 << 16);
  word = pbkdf2(password, ROUNDS);
  printf("{\"blake2bPerSecond\":%.0f,\"least\":%u,\"pbkdf2PerSecond\":%.0f,\"word\":%u}\n",
    blake2bPerSecond, least, pbkdf2PerSecond, word);
}
