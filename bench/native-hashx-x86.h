// Machine code for programs of HashX, for x86-64; included by `native-hashx.h`. Pages are written, and only then run.

static u8 *code, *at;

static void put(u64 bytes, int count) {
  memcpy(at, &bytes, 8);
  at += count;
}

static void writeCode(void) {
  const size_t size = 1 << 17;
  if (code) mprotect(code, size, PROT_READ | PROT_WRITE);
  else code = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (code == MAP_FAILED) abort();
  at = code;
}

static void closeCode(void) {
  if (mprotect(code, at - code, PROT_READ | PROT_EXEC) != 0) abort();
}

// --- One input at a time. HashX's registers are r8 to r15 ------------------------------------------------------------

/** At most one branch is taken in a run. So the code is there twice, and the branches of the first lead to the second. */
static void compileScalar(const Program *program) {
  u8 *positions[SIZE], *branches[SIZE];
  put(0x5741564155415441, 8);                                               // push r12, r13, r14, r15
  for (int i = 0; i < 8; i++) put(0x00478b4c | i << 19 | i << 27, 4);       // mov r(8+i), [rdi + 8i]
  put(0xf631, 2);                                                           // xor esi, esi
  for (int copy = 0; copy < 2; copy++) {
    for (int i = 0; i < SIZE; i++) {
      Instruction it = program->code[i];
      u64 d = it.dst, s = it.src, imm = it.imm;
      switch (it.op) {
        case UMULH:
        case SMULH:
          put(0xc0894c | d << 19, 3);                                       // mov rax, d
          put((it.op == UMULH ? 0xe0f749 : 0xe8f749) | s << 16, 3);         // mul s, or imul s
          put(0xd08949 | d << 16, 3);                                       // mov d, rdx
          if (copy == 0) put(0xd689, 2);                                    // mov esi, edx
          break;
        case MUL: put(0xc0af0f4d | d << 27 | s << 24, 4); break;            // imul d, s
        case SUB: put(0xc0294d | s << 19 | d << 16, 3); break;              // sub d, s
        case XOR: put(0xc0314d | s << 19 | d << 16, 3); break;              // xor d, s
        case ADD_RS:                                                        // lea d, [d + s << imm]
          put(0x00048d4f | d << 19 | (imm << 6 | s << 3 | d) << 24, 4);
          break;
        case ROR_C: put(0xc8c149 | d << 16 | imm << 24, 4); break;          // ror d, imm
        case ADD_C: put(0xc08149 | d << 16 | imm << 24, 7); break;          // add d, imm
        case XOR_C: put(0xf08149 | d << 16 | imm << 24, 7); break;          // xor d, imm
        case BRANCH:
          if (copy > 0) break;
          put(0xc6f7 | imm << 16, 6);                                       // test esi, imm
          put(0x840f, 6);                                                   // jz …
          branches[i] = at;
      }
      positions[i] = at;
    }
    for (int i = 0; i < 8; i++) put(0x0047894c | i << 19 | i << 27, 4);     // mov [rdi + 8i], r(8+i)
    put(0x5c415d415e415f41, 8);                                             // pop r15, r14, r13, r12
    put(0xc3, 1);                                                           // ret
  }
  for (int i = 0, target = 0; i < SIZE; i++) {
    if (program->code[i].op == TARGET) target = i;
    if (program->code[i].op != BRANCH) continue;
    int32_t distance = positions[target] - branches[i];
    memcpy(branches[i] - 4, &distance, 4);
  }
}

#if defined __AVX512DQ__ && defined __AVX512IFMA__
// --- Two vectors of eight inputs at a time. HashX's registers are zmm0 to zmm7 and zmm8 to zmm15 ---------------------
#define VECTORS 2

// What does not fit into an instruction.
static u64 constants[SIZE];

#define VPADDQ 1, 1, 0xd4
#define VPSUBQ 1, 1, 0xfb
#define VPXORQ 1, 1, 0xef
#define VMOVDQA64 1, 1, 0x6f
#define VPMULLQ 2, 1, 0x40
#define VPMADD52LUQ 2, 1, 0xb4
#define VPMADD52HUQ 2, 1, 0xb5
#define VPTESTNMQ 2, 2, 0x27
#define VPMOVQ2M 2, 2, 0x39
// Here the first operand is a part of the opcode.
#define VPRORQ 1, 1, 0x72, 0
#define VPSRLQ 1, 1, 0x73, 2
#define VPSLLQ 1, 1, 0x73, 6

/** `x = y op z`, in the lanes of mask register k; in all if that is 0. */
static void evex(u32 map, u32 prefix, u64 opcode, u32 x, u32 y, u32 z, u32 k) {
  u64 p0 = (~x & 8) << 4 | (~z & 16) << 2 | (~z & 8) << 2 | (~x & 16) | map;
  u64 p1 = 0x84 | (~y & 15) << 3 | prefix;
  u64 p2 = 0x40 | (~y & 16) >> 1 | k;
  u64 operands = 0xc0 | (x & 7) << 3 | (z & 7);
  put(0x62 | p0 << 8 | p1 << 16 | p2 << 24 | opcode << 32 | operands << 40, 6);
}
/** The same, z being memory at [rdi or rsi + offset]. */
static void evexMemory(u32 map, u32 prefix, u64 opcode, u32 x, u32 y, u32 base, u32 offset, u32 k) {
  evex(map, prefix, opcode, x, y, base, k);
  at[-1] ^= 0x40;
  put(offset, 4);
}
/** The same, z being one of the constants, in all lanes. */
static void evexConstant(u32 map, u32 prefix, u64 opcode, u32 x, u32 y, u32 n, u32 k) {
  u8 *start = at;
  evexMemory(map, prefix, opcode, x, y, 6, 8 * n, k);
  start[3] |= 0x10;
}
static void evexShift(u32 map, u32 prefix, u64 opcode, u32 which, u32 x, u32 y, u32 n, u32 k) {
  evex(map, prefix, opcode, which, x, y, k);
  put(n, 1);
}
/** `x = y op z` of mask registers. */
static void vex(u32 form, u32 opcode, u32 x, u32 y, u32 z) {
  put(0xc5 | (form | (~y & 15) << 3) << 8 | opcode << 16 | (0xc0 | x << 3 | z) << 24, 4);
}

static void compileInstruction(Instruction it, int vector, int k) {
  // The same for both vectors, because the processor renames them.
  enum { X1 = 27, Y1, MIDDLE, HIGH, X_NEGATIVE = 6, Y_NEGATIVE };
  int d = 8 * vector + it.dst, s = 8 * vector + it.src;
  switch (it.op) {
    case UMULH:
    case SMULH:
      // With x = 2^52 x1 + x0 the product is x0 y0 + 2^52 (x0 y1 + x1 y0) + 2^104 x1 y1. Of every product of two such
      // parts the processor gives 52 low bits or 52 high ones. The lowest of all cannot carry as far as bit 64.
      evexShift(VPSRLQ, X1, d, 52, 0);
      evexShift(VPSRLQ, Y1, s, 52, 0);
      evex(VPXORQ, MIDDLE, MIDDLE, MIDDLE, 0);
      evex(VPXORQ, HIGH, HIGH, HIGH, 0);
      evex(VPMADD52HUQ, MIDDLE, d, s, 0);
      evex(VPMADD52LUQ, HIGH, X1, Y1, 0);
      evex(VPMADD52LUQ, MIDDLE, d, Y1, 0);
      evex(VPMADD52HUQ, HIGH, d, Y1, 0);
      evex(VPMADD52LUQ, MIDDLE, X1, s, 0);
      evex(VPMADD52HUQ, HIGH, X1, s, 0);
      evexShift(VPSRLQ, MIDDLE, MIDDLE, 12, 0);
      evexShift(VPSLLQ, HIGH, HIGH, 40, 0);
      if (it.op == UMULH) {
        evex(VPADDQ, d, MIDDLE, HIGH, k);
        break;
      }
      // A negative factor was taken for 2^64 more than it is: the other one is in the high half once too often.
      evex(VPMOVQ2M, X_NEGATIVE, 0, d, 0);
      evex(VPMOVQ2M, Y_NEGATIVE, 0, s, 0);
      evex(VPADDQ, HIGH, MIDDLE, HIGH, 0);
      evex(VPSUBQ, HIGH, HIGH, s, X_NEGATIVE);
      evex(VPSUBQ, HIGH, HIGH, d, Y_NEGATIVE);
      evex(VMOVDQA64, d, 0, HIGH, k);
      break;
    case MUL: evex(VPMULLQ, d, d, s, k); break;
    case SUB: evex(VPSUBQ, d, d, s, k); break;
    case XOR: evex(VPXORQ, d, d, s, k); break;
    case ADD_RS:
      if (it.imm > 0) evexShift(VPSLLQ, X1, s, it.imm, 0), s = X1;
      evex(VPADDQ, d, d, s, k);
      break;
    case ROR_C: evexShift(VPRORQ, d, d, it.imm, k); break;
    case ADD_C: evexConstant(VPADDQ, d, d, it.imm, k); break;
    case XOR_C: evexConstant(VPXORQ, d, d, it.imm, k); break;
  }
}

/** What a branch repeats follows the branch, for the lanes that take it, and is jumped over if there are none. */
static void compileVectors(const Program *program) {
  enum { RESULT = 16, MAY_BRANCH = 1, TAKEN = 3 };
  Instruction copy[SIZE];
  bool isResult[SIZE] = {0};
  int count = 0;
  for (int i = 0, last = -1; i < SIZE; i++) {
    Instruction *it = copy + i;
    *it = program->code[i];
    if (it->op <= SMULH) last = i;
    if (it->op == BRANCH && last >= 0) isResult[last] = true;
    if (it->op < ADD_C || it->op == TARGET) continue;
    constants[count] = it->op == BRANCH ? it->imm : (u64)(int32_t)it->imm;
    it->imm = count++;
  }
  for (int i = 0; i < 8 * VECTORS; i++) evexMemory(VMOVDQA64, i, 0, 7, 64 * i, 0);
  for (int vector = 0; vector < VECTORS; vector++) {
    evex(VPXORQ, RESULT + vector, RESULT + vector, RESULT + vector, 0);
    vex(0x85, 0x46, MAY_BRANCH + vector, 0, 0);                             // kxnorb: all ones
  }
  for (int i = 0, target = 0; i < SIZE; i++) {
    if (copy[i].op == TARGET) target = i;
    for (int vector = 0; vector < VECTORS; vector++) {
      int result = RESULT + vector, may = MAY_BRANCH + vector;
      compileInstruction(copy[i], vector, 0);
      if (isResult[i]) evex(VMOVDQA64, result, 0, 8 * vector + copy[i].dst, 0);
      if (copy[i].op != BRANCH) continue;
      evexConstant(VPTESTNMQ, TAKEN, result, copy[i].imm, may);
      vex(0x81, 0x98, TAKEN, 0, TAKEN);                                     // kortestb
      put(0x840f, 6);                                                       // jz …
      u8 *from = at;
      vex(0x85, 0x42, may, TAKEN, may);                                     // kandnb
      for (int n = target + 1; n < i; n++) compileInstruction(copy[n], vector, TAKEN);
      int32_t distance = at - from;
      memcpy(from - 4, &distance, 4);
    }
  }
  for (int i = 0; i < 8 * VECTORS; i++) evexMemory(1, 1, 0x7f, i, 0, 7, 64 * i, 0);
  put(0xc3, 1);
}

static void hashVectors(u64 hashes[8 * VECTORS], const Program *program, u64 input) {
  Row r[VECTORS][8];
  for (int vector = 0; vector < VECTORS; vector++)
    FILL(r[vector], program->key, ((Row){0, 1, 2, 3, 4, 5, 6, 7} + (input + 8 * vector)));
  ((void (*)(Row *, const u64 *))code)(r[0], constants);
  for (int vector = 0; vector < VECTORS; vector++) {
    FINISH(r[vector], program->key);
    memcpy(hashes + 8 * vector, r[vector], 64);
  }
}
#endif
