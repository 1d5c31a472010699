// Where everything is in the modules' memory. Nothing is ever allocated: an attempt needs the same room each time.
// Constant data is below 2,048; the stages of the solver are above 65,536 (`stages.ts`).

/** The bytes to digest: a block of 128. */
export const INPUT: usize = 2048
/** BLAKE2b's state: eight words of hash, then sixteen to mix. */
export const HASH: usize = 2304
export const MIX: usize = 2368
/** What the generator knows of each register. */
export const REGISTERS: usize = 2816
/** Two attempts may be open at once: 32 bytes of register key each. */
export const KEYS: usize = 2944
/** The solutions, 16 bytes each. */
export const SOLUTIONS: usize = 3072
export const SOLUTIONS_MAX = 32
/** The program: 512 instructions of 8 bytes. */
export const PROGRAM: usize = 4096
/** The module that the program becomes. */
export const CODE: usize = 8192
/** Registers of a batch of at most 512 hashes, 64 bytes each. */
export const BATCH: usize = 32768
