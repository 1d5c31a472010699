// What a determined attacker would run in place of the widget: the same search, compiled for this very processor,
// as many nonces at a time as its vectors are wide. Prints tries per second, on one core.
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "native-sha256.h"

// Laid out as `src/pow/sha256/table.ts` says. What the numbers are does not matter for the time they take.
static uint32_t table[96];

static uint32_t search(uint32_t start, uint32_t tries) {
  uint32_t least = UINT32_MAX;
  v lane;
  for (int i = 0; i < LANES; i++) lane[i] = i;
  for (uint32_t from = start; from != start + tries; from += LANES) {
    v n = lane + from, w[64], s[8];
    w[16] = n + table[80];
    w[17] = (v){} + table[81];
    w[18] = SIGMA1(w[16]) + table[82];
    w[19] = (v){} + table[83];
    w[20] = SIGMA1(w[18]) + table[84];
    w[21] = (v){} + table[85];
    w[22] = SIGMA1(w[20]) + table[86];
    w[23] = w[16] + table[87];
    w[24] = SIGMA1(w[22]) + SIGMA0(n) + table[88];
    w[25] = SIGMA1(w[23]) + w[18] + n + table[89];
    w[26] = SIGMA1(w[24]) + table[90];
    w[27] = SIGMA1(w[25]) + w[20];
    w[28] = SIGMA1(w[26]) + table[92];
    w[29] = SIGMA1(w[27]) + w[22];
    w[30] = SIGMA1(w[28]) + w[23] + table[94];
    w[31] = SIGMA1(w[29]) + w[24] + SIGMA0(w[16]) + table[95];
    for (int i = 0; i < 8; i++) s[i] = (v){} + table[64 + i];
    s[0] += n;
    s[4] += n;
#pragma GCC unroll 64
    for (int t = 10; t < 64; t++) {
      if (t >= 32) w[t] = SIGMA1(w[t - 2]) + w[t - 7] + SIGMA0(w[t - 15]) + w[t - 16];
      v k = t < 16 ? (v){} + table[t] : w[t] + table[t];
#define S(i) s[(i + 74 - t) & 7]
      ROUND(S(0), S(1), S(2), S(3), S(4), S(5), S(6), S(7), k);
    }
    v sum = s[2] + 0x6a09e667;
    for (int i = 0; i < LANES; i++) if (sum[i] < least) least = sum[i];
  }
  return least;
}

int main(void) {
  for (int i = 0; i < 96; i++) table[i] = (i + 1) * 0x9e3779b1u;
  struct timespec from, to;
  volatile uint32_t least = search(0, 1 << 22);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (int i = 0; i < 4; i++) least = search((uint32_t)i << 22, 1 << 22);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  double seconds = (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9;
  // The least sum is printed so that it must be computed; `work/native.ts` compares it with the widget's own engine.
  printf("%.0f %u\n", (1 << 24) / seconds, search(0, 1 << 16));
}
