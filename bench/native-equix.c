// What a determined attacker would run in place of the widget: Equi-X for one core, compiled for this very processor.
// Eight of 65,536 numbers are a solution if their hashes add up to 60 zero bits, as a tree. The hash function is a
// program that is made at random for each challenge; here it becomes machine code where the processor is an x86-64
// (`native-hashx-x86.h`), for sixteen numbers at a time where that has AVX-512.
//
//   native-equix solve SECONDS [scalar]   how many a second of processor time; one number at a time
//   native-equix verify SECONDS           how many solutions are verified, by interpreting
//   native-equix check                    for each line, a challenge in hex: its solutions, or null if it has no program
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#include "native-hashx.h"

// --- Equi-X ----------------------------------------------------------------------------------------------------------

enum { INDICES = 65536, BUCKETS = 256, PITCH = 344, ROWS = 128, ROW = 8, SOLUTIONS = 16 };

// A sum goes into the bucket of its lowest eight bits, and is kept there without them. From the second stage on, the low
// 26 bits of what is kept say of which two items of the stage before it is the sum: a bucket, a place in it, and one in
// its counterpart. A bucket that gets a third more than its 256 items spoils the next one's first: that is so rare that
// looking out for it would cost more. Small enough for the second cache of current processors.
static struct {
  u64 first[(BUCKETS + 1) * PITCH], second[(BUCKETS + 1) * PITCH];
  u16 indices[(BUCKETS + 1) * PITCH];
  u32 ends[3][BUCKETS];
} *memory;
// Nobody needs the hashes any more when the third stage is filled.
#define third first
enum { ORIGIN_BITS = 26, PLACE_BITS = 9, PLACE = 511 };

static size_t filled(int stage, size_t bucket) {
  size_t count = memory->ends[stage][bucket] - bucket * PITCH;
  return count < PITCH ? count : PITCH;
}

/** Writes down the indices that an item is the sum of, the lesser half first: as numbers whose last index weighs most. */
static void unfold(u16 *indices, int stage, u64 item) {
  int bucket = item >> 2 * PLACE_BITS & (BUCKETS - 1), other = -bucket & (BUCKETS - 1);
  int i = item >> PLACE_BITS & PLACE, j = item & PLACE, half = 1 << stage;
  if (stage == 0) {
    indices[0] = memory->indices[bucket * PITCH + i];
    indices[1] = memory->indices[other * PITCH + j];
  } else {
    const u64 *from = stage == 1 ? memory->second : memory->third;
    unfold(indices, stage - 1, from[bucket * PITCH + i]);
    unfold(indices + half, stage - 1, from[other * PITCH + j]);
  }
  int last = half - 1;
  while (last > 0 && indices[last] == indices[half + last]) last--;
  if (indices[last] < indices[half + last]) return;
  u16 greater[4];
  memcpy(greater, indices, 2 * half);
  memcpy(indices, indices + half, 2 * half);
  memcpy(indices + half, greater, 2 * half);
}

/** Finds the pairs of a stage's items whose sums end in 15 zero bits, for the next stage; at the last, in 30: solutions. */
static inline __attribute__((always_inline)) int pairUp(int stage, u16 (*solutions)[8]) {
  const u64 *from = stage == 1 ? memory->second : memory->first;
  u64 *to = stage == 0 ? memory->second : memory->third;
  u32 *ends = memory->ends[stage == 0 ? 1 : 2];
  // Where an item's value begins. Below there is room for a place.
  const int shift = stage == 0 ? 12 : ORIGIN_BITS;
  int found = 0;
#define VALUE(item) (stage == 0 ? (item) >> 8 << shift : (item) >> shift << shift)
#define SHELVE(value, place) \
  do { \
    u64 row_ = (value) >> shift & (ROWS - 1); \
    rows[row_][taken[row_]++ % ROW] = (value) | (place); \
  } while (0)

  for (size_t bucket = 0; bucket <= BUCKETS / 2; bucket++) {
    // The items of one bucket by their next seven bits. A row is a vector; few lose an item to a ninth.
    u64 rows[ROWS][ROW] __attribute__((aligned(64)));
    u8 taken[ROWS] = {0};
    size_t other = -bucket & (BUCKETS - 1), count = 0;
    if (bucket != other)
      for (size_t i = 0, all = filled(stage, bucket); i < all; i++) SHELVE(VALUE(from[bucket * PITCH + i]), i);

    // Bits that were left out add up to a carry, unless they are all zero.
    u64 carry = (u64)(bucket > 0) << shift, items[PITCH * ROW + ROW];
    u8 buckets[PITCH * ROW + ROW];
    for (size_t j = 0, all = filled(stage, other); j < all; j++) {
      u64 value = VALUE(from[other * PITCH + j]) + carry, row = -(value >> shift) & (ROWS - 1);
      size_t some = taken[row] < ROW ? taken[row] : ROW;
      // Always a whole row, as how much of it counts would be guessed wrong: the next overwrites what does not.
      Row sums = *(Row *)rows[row] + value, left = sums >> shift + 7;
      Row origins = (sums & PLACE) << PLACE_BITS | (bucket << 2 * PLACE_BITS | j);
      if (stage < 2) {
        Row kept = left >> 8 << ORIGIN_BITS | origins;
        Bytes lowest = __builtin_convertvector(left, Bytes);
        memcpy(items + count, &kept, sizeof kept);
        memcpy(buckets + count, &lowest, sizeof lowest);
        count += some;
      } else if (bits(__builtin_convertvector((left & 32767) == 0, Bytes))) {
        for (size_t k = 0; k < some; k++)
          if ((left[k] & 32767) == 0 && found < SOLUTIONS) unfold(solutions[found++], 2, origins[k]);
      }
      // A bucket that is its own counterpart: each pair once.
      if (bucket == other) SHELVE(value - carry, j);
    }
    for (size_t p = 0; p < count; p++) to[ends[buckets[p]]++] = items[p];
  }
  return found;
}

/** Finds solutions of a challenge; -1 if it has no program. */
static int solve(const u8 *challenge, size_t size, u16 solutions[SOLUTIONS][8]) {
  Program program;
  if (!generate(&program, challenge, size)) return -1;
  compile(&program);
  for (int stage = 0; stage < 3; stage++)
    for (int bucket = 0; bucket < BUCKETS; bucket++) memory->ends[stage][bucket] = bucket * PITCH;
  for (u32 n = 0; n < INDICES; n += AT_ONCE) {
    u64 hashes[AT_ONCE];
    hashSome(hashes, &program, n);
    for (int i = 0; i < AT_ONCE; i++) {
      u32 end = memory->ends[0][hashes[i] & (BUCKETS - 1)]++;
      memory->first[end] = hashes[i];
      memory->indices[end] = n + i;
    }
  }
  pairUp(0, NULL);
  pairUp(1, NULL);
  return pairUp(2, solutions);
}

static bool verify(const u8 *challenge, size_t size, const u16 indices[8]) {
  for (int half = 1; half < 8; half *= 2)
    for (const u16 *i = indices; i < indices + 8; i += 2 * half) {
      int last = half - 1;
      while (last > 0 && i[last] == i[half + last]) last--;
      if (i[last] > i[half + last]) return false;
    }
  Program program;
  if (!generate(&program, challenge, size)) return false;
  u64 sums[8], r[8];
  for (int i = 0; i < 8; i++) {
    FILL(r, program.key, indices[i]);
    interpret(&program, r);
    FINISH(r, program.key);
    sums[i] = r[0];
  }
  for (int count = 4, zeros = 15; count > 0; count /= 2, zeros *= 2)
    for (int i = 0; i < count; i++) {
      sums[i] = sums[2 * i] + sums[2 * i + 1];
      if (sums[i] << 64 - zeros != 0) return false;
    }
  return true;
}

// --- The commands ----------------------------------------------------------------------------------------------------

static double cpuSeconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void check(void) {
  char line[512];
  while (fgets(line, sizeof line, stdin)) {
    u8 challenge[128];
    u16 solutions[SOLUTIONS][8];
    size_t size = 0;
    while (size < sizeof challenge && sscanf(line + 2 * size, "%2hhx", challenge + size) == 1) size++;
    int count = solve(challenge, size, solutions);
    if (count < 0) puts("null");
    else putchar('[');
    for (int n = 0; n < count; n++) {
      if (!verify(challenge, size, solutions[n])) abort();
      for (int i = 0; i < 8; i++) printf("%s%d", i > 0 ? "," : n > 0 ? ",[" : "[", solutions[n][i]);
      putchar(']');
    }
    if (count >= 0) puts("]");
  }
}

int main(int argc, char **argv) {
  const char *command = argc > 1 ? argv[1] : "";
  double seconds = argc > 2 ? atof(argv[2]) : 1;
  scalar = argc > 3 && strcmp(argv[3], "scalar") == 0;
  for (int set = 0; set < 256; set++)
    for (int bit = 0, n = 0; bit < 8; bit++)
      if (set >> bit & 1) nth[set][n++] = bit;
  memory = aligned_alloc(1 << 21, 1 << 21);
#ifdef MADV_HUGEPAGE
  madvise(memory, 1 << 21, MADV_HUGEPAGE);
#endif

  u8 challenge[40] = {0};
  u16 solutions[SOLUTIONS][8];
  double start = cpuSeconds(), passed;
  int attempts = 0, count = 0;
  if (strcmp(command, "check") == 0) check();
  else if (strcmp(command, "solve") == 0) {
    for (; (passed = cpuSeconds() - start) < seconds; attempts++) {
      memcpy(challenge, &attempts, sizeof attempts);
      int found = solve(challenge, sizeof challenge, solutions);
      if (found > 0) count += found;
    }
    printf("{\"solutionsPerSecond\":%.1f,\"attemptsPerSecond\":%.1f}\n", count / passed, attempts / passed);
  } else if (strcmp(command, "verify") == 0) {
    // Of many challenges, so that nothing can be learned from the one before.
    enum { CHALLENGES = 64 };
    static u16 all[CHALLENGES][SOLUTIONS][8];
    int found[CHALLENGES];
    for (int n = 0; n < CHALLENGES; n++) challenge[0] = n, found[n] = solve(challenge, sizeof challenge, all[n]);
    for (start = cpuSeconds(); (passed = cpuSeconds() - start) < seconds; attempts++) {
      int n = challenge[0] = attempts % CHALLENGES;
      for (int i = 0; i < found[n]; i++, count++)
        if (!verify(challenge, sizeof challenge, all[n][i])) abort();
    }
    printf("{\"verificationsPerSecond\":%.1f}\n", count / passed);
  } else {
    fputs("native-equix solve SECONDS [scalar] | verify SECONDS | check\n", stderr);
    return 2;
  }
}
