// SHA-256 of as many messages at a time as vectors are wide; included by `native.c` and `native-peers.c`.

#define LANES 16
typedef uint32_t v __attribute__((vector_size(4 * LANES)));

#define TURN(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#define SUM0(x) (TURN(x, 2) ^ TURN(x, 13) ^ TURN(x, 22))
#define SUM1(x) (TURN(x, 6) ^ TURN(x, 11) ^ TURN(x, 25))
#define SIGMA0(x) (TURN(x, 7) ^ TURN(x, 18) ^ ((x) >> 3))
#define SIGMA1(x) (TURN(x, 17) ^ TURN(x, 19) ^ ((x) >> 10))
#define ROUND(a, b, c, d, e, f, g, h, k) \
  do { v x = h + SUM1(e) + (g ^ (e & (f ^ g))) + (k); d += x; h = x + SUM0(a) + ((a & b) | (c & (a | b))); } while (0)
