// HashX: a hash function for each seed, made of random instructions; included by `native-equix.c`.

#define LEFT(x, n) (((x) << (n)) | ((x) >> (64 - (n))))

// --- The keys --------------------------------------------------------------------------------------------------------

static const u64 IV[8] = {
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const u8 SIGMA[12][16] = {
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
  {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
  {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
  {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
  {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};

/** BLAKE2b-512 of at most one block, salted as HashX is. */
static void blake2b(u64 h[8], const u8 *message, size_t size) {
  u64 m[16] = {0}, v[16];
  memcpy(m, message, size);
  memcpy(h, IV, 64);
  h[0] ^= 0x01010040;
  h[4] ^= 0x3176205868736148; // "HashX v1"
  memcpy(v, h, 64);
  memcpy(v + 8, IV, 64);
  v[12] ^= size;
  v[14] = ~v[14];
  for (int r = 0; r < 12; r++) {
    const u8 *s = SIGMA[r];
#define MIX(a, b, c, d, i) \
    a += b + m[s[i]], d = LEFT(d ^ a, 32), c += d, b = LEFT(b ^ c, 40), \
    a += b + m[s[i + 1]], d = LEFT(d ^ a, 48), c += d, b = LEFT(b ^ c, 1)
    for (int i = 0; i < 4; i++) MIX(v[i], v[4 + i], v[8 + i], v[12 + i], 2 * i);
    for (int i = 0; i < 4; i++) MIX(v[i], v[4 + (i + 1) % 4], v[8 + (i + 2) % 4], v[12 + (i + 3) % 4], 8 + 2 * i);
  }
  for (int i = 0; i < 8; i++) h[i] ^= v[i] ^ v[8 + i];
}

// For numbers, and for vectors of numbers.
#define SIP(a, b, c, d) \
  a += b, c += d, b = LEFT(b, 13), d = LEFT(d, 16), b ^= a, d ^= c, a = LEFT(a, 32), \
  c += b, a += d, b = LEFT(b, 17), d = LEFT(d, 21), b ^= c, d ^= a, c = LEFT(c, 32)

/** Fills the registers for an input. `x * 0`, so that a register may be a vector and the key is none. */
#define FILL(r, key, input) \
  do { \
    r[3] = (key)[3] ^ (input), r[0] = r[3] * 0 + (key)[0], r[1] = r[3] * 0 + ((key)[1] ^ 0xee), r[2] = r[3] * 0 + (key)[2]; \
    for (int i_ = 0; i_ < 2; i_++) SIP(r[0], r[1], r[2], r[3]); \
    r[0] ^= (input), r[2] ^= 0xee; \
    for (int i_ = 0; i_ < 4; i_++) SIP(r[0], r[1], r[2], r[3]); \
    r[4] = r[0], r[5] = r[1] ^ 0xdd, r[6] = r[2], r[7] = r[3]; \
    for (int i_ = 0; i_ < 4; i_++) SIP(r[4], r[5], r[6], r[7]); \
  } while (0)

/** Makes the hash of them, in the first. */
#define FINISH(r, key) \
  do { \
    r[0] += (key)[0], r[1] += (key)[1], r[6] += (key)[2], r[7] += (key)[3]; \
    SIP(r[0], r[1], r[2], r[3]); \
    SIP(r[4], r[5], r[6], r[7]); \
    r[0] ^= r[4]; \
  } while (0)

// --- The program -----------------------------------------------------------------------------------------------------

enum { UMULH, SMULH, MUL, SUB, XOR, ADD_RS, ROR_C, ADD_C, XOR_C, TARGET, BRANCH };
enum { SIZE = 512, CYCLES = 196, NONE = 255 };

typedef struct { u8 op, dst, src; u32 imm; } Instruction;
typedef struct { u64 key[4]; Instruction code[SIZE]; } Program;
typedef struct { u64 key[4], counter, bytes, halves; int bytesLeft, halvesLeft; } Random;

static u64 nextWord(Random *random) {
  u64 a = random->key[0], b = random->key[1], c = random->key[2], d = random->key[3] ^ random->counter;
  SIP(a, b, c, d);
  a ^= random->counter++, c ^= 0xff;
  SIP(a, b, c, d); SIP(a, b, c, d); SIP(a, b, c, d);
  return a ^ b ^ c ^ d;
}
static u32 random8(Random *random) {
  if (random->bytesLeft == 0) random->bytes = nextWord(random), random->bytesLeft = 8;
  return (u8)(random->bytes >> 8 * --random->bytesLeft);
}
static u32 random32(Random *random) {
  if (random->halvesLeft == 0) random->halves = nextWord(random), random->halvesLeft = 2;
  return (u32)(random->halves >> 32 * --random->halvesLeft);
}

// Ports as bits: P5 is 1, P0 is 2, P1 is 4, so that the lowest free bit is the one to take.
static const u8 PORTS[11] = {4, 4, 4, 7, 7, 6, 3, 7, 7, 7, 7};
static const u8 SECOND[11] = {[UMULH] = 1, [SMULH] = 1, [TARGET] = 7, [BRANCH] = 7};
static const u8 LATENCY[11] = {4, 4, 3, 1, 1, 1, 1, 1, 1, 1, 1};
static const u8 GROUP[11] = {UMULH, SMULH, MUL, ADD_RS, XOR, ADD_RS, ROR_C, ADD_C, XOR_C, TARGET, BRANCH};
static const u8 ANY[8] = {ROR_C, XOR_C, ADD_C, ADD_C, SUB, XOR, XOR_C, ADD_RS};

// Things come in eights: registers here, lanes and places below.
typedef u8 Bytes __attribute__((vector_size(8)));
typedef u32 Words __attribute__((vector_size(32)));
typedef u64 Row __attribute__((vector_size(64)));

/** A bit for each byte, of which all are ones or zeros. */
static u32 bits(Bytes bytes) {
  return ((u64)bytes & 0x0101010101010101) * 0x0102040810204080 >> 56;
}

/** Where the n-th set bit of a byte is: a table, because where a loop ends would be guessed wrong as often as not. */
static u8 nth[256][8];

static int choose(Random *random, u32 candidates) {
  int count = __builtin_popcount(candidates);
  return nth[candidates][count > 1 ? random32(random) % count : 0];
}
static int firstFree(const u8 *taken, int cycle, int ports) {
  while (cycle < CYCLES && (ports & ~taken[cycle]) == 0) cycle++;
  return cycle;
}

/** False if the seed has no hash function. */
static bool generate(Program *program, const u8 *seed, size_t size) {
  static const char LAYOUT[] = "MTaMaaMaaMaaWaaMaaMBaMaaWaaMaaMaaMaa";
  u64 digest[8];
  blake2b(digest, seed, size);
  Random random = {0};
  memcpy(random.key, digest, 32);
  memcpy(program->key, digest + 4, 32);

  // With room for the second half of an instruction that finds none.
  u8 taken[CYCLES + 1] = {0};
  Bytes ready = {0}, lastGroup = ready - 1;
  Words lastParameter = {0};
  int count = 0, multiplications = 0, longest = 0, sub = 0, attempt = 0, previous = NONE;

  while (count < SIZE) {
    int op;
    switch (LAYOUT[sub % 36]) {
      case 'M': op = MUL; break;
      case 'T': op = TARGET; break;
      case 'B': op = BRANCH; break;
      case 'W': op = random8(&random) & 1 ? UMULH : SMULH; break;
      default: do op = ANY[random8(&random) & (attempt > 0 ? 3 : 7)]; while (GROUP[op] == previous);
    }
    u8 group = previous = GROUP[op];
    u32 imm = 0, parameter = UINT32_MAX;
    if (op == ADD_RS) imm = random32(&random) & 3;
    else if (op == ROR_C) do imm = random32(&random) & 63; while (imm == 0);
    else if (op == ADD_C || op == XOR_C) do imm = random32(&random); while (imm == 0);
    else if (op == BRANCH) while (__builtin_popcount(imm) < 4) imm |= 1u << random8(&random) % 32;
    else if (op == UMULH || op == SMULH) parameter = random32(&random);

    int t = firstFree(taken, sub / 3, PORTS[op]);
    if (SECOND[op])
      // Neither µop sees the other's place: both must find the same cycle.
      for (int other; (other = firstFree(taken, t, SECOND[op])) != t;) t = firstFree(taken, other, PORTS[op]);
    if (t >= CYCLES) break;

    int src = NONE, dst = NONE;
    bool stalled = false;
    if (op <= XOR_C) {
      u32 usable = bits((Bytes)(ready <= (u8)t));
      if (op <= ADD_RS) {
        // The generator saves the only register that an ADD_RS cannot write to for reading.
        if (op == ADD_RS && usable >> 5 & 1 && __builtin_popcount(usable) == 2) src = 5;
        else if (usable) src = choose(&random, usable);
        else stalled = true;
        if (op >= MUL) parameter = src;
      }
      if (!stalled) {
        u32 unfit = op == ADD_RS ? 1 << 5 : 0;
        if (src != NONE && op >= MUL) unfit |= 1u << src;
        u32 same = bits((Bytes)(lastGroup == group));
        if (group != MUL || attempt > 0) same &= bits(__builtin_convertvector(lastParameter == parameter, Bytes));
        unfit |= same;
        if (usable & ~unfit) dst = choose(&random, usable & ~unfit);
        else stalled = true;
      }
    }
    if (stalled) {
      if (attempt++) sub += 3, attempt = 0;
      continue;
    }
    attempt = 0;

    int free = PORTS[op] & ~taken[t];
    taken[t] |= free & -free;
    if (SECOND[op]) {
      int cycle = firstFree(taken, t, SECOND[op]);
      free = SECOND[op] & ~taken[cycle];
      taken[cycle] |= free & -free;
    }
    if (t >= 192) break;
    if (dst != NONE) {
      ready[dst] = t + LATENCY[op];
      lastGroup[dst] = group;
      lastParameter[dst] = parameter;
      if (ready[dst] > longest) longest = ready[dst];
    }
    multiplications += op <= MUL;
    program->code[count++] = (Instruction){op, dst, src, imm};
    sub += SECOND[op] ? 2 : 1;
  }
  return count == SIZE && multiplications == 192 && longest == 194;
}

/** Runs the program as it is. */
static void interpret(const Program *program, u64 r[8]) {
  u32 result = 0;
  bool mayBranch = true;
  for (int i = 0, target = 0; i < SIZE; i++) {
    Instruction it = program->code[i];
    u64 *d = r + (it.dst & 7), s = r[it.src & 7];
    switch (it.op) {
      case UMULH: result = *d = (unsigned __int128)*d * s >> 64; break;
      case SMULH: result = *d = (__int128)(int64_t)*d * (int64_t)s >> 64; break;
      case MUL: *d *= s; break;
      case SUB: *d -= s; break;
      case XOR: *d ^= s; break;
      case ADD_RS: *d += s << it.imm; break;
      case ROR_C: *d = LEFT(*d, 64 - it.imm); break;
      case ADD_C: *d += (int32_t)it.imm; break;
      case XOR_C: *d ^= (int32_t)it.imm; break;
      case TARGET: target = i; break;
      case BRANCH: if (mayBranch && (result & it.imm) == 0) mayBranch = false, i = target;
    }
  }
}

static bool scalar;
#ifdef __x86_64__
#include "native-hashx-x86.h"
#endif

static void compile(const Program *program) {
#ifdef __x86_64__
  writeCode();
#ifdef VECTORS
  if (!scalar) compileVectors(program);
  else
#endif
  compileScalar(program);
  closeCode();
#endif
}

enum { AT_ONCE = 16 };

/** Hashes sixteen inputs with the program that was compiled. */
static void hashSome(u64 hashes[AT_ONCE], const Program *program, u64 input) {
#ifdef VECTORS
  if (!scalar) return hashVectors(hashes, program, input);
#endif
  for (int i = 0; i < AT_ONCE; i++) {
    u64 r[8];
    FILL(r, program->key, (input + i));
#ifdef __x86_64__
    ((void (*)(u64 *))code)(r);
#else
    interpret(program, r);
#endif
    FINISH(r, program->key);
    hashes[i] = r[0];
  }
}
