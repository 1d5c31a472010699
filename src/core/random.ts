/** Chance, handed in so that the core stays pure. Always from a cryptographic source in the service. */
export interface Random {
  /** `count` random bytes. */
  bytes(count: number): Uint8Array
  /** A whole number, `from` ≤ n < `to`, evenly spread. */
  integer(from: number, to: number): number
}
