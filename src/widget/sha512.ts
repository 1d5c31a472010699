const BLOCK = 128
const MASK = 2n ** 64n - 1n

/** SHA-512 (FIPS 180-4), for pages without TLS; tens of bytes now and then, so it is short rather than fast. */
export function sha512(message: Uint8Array): Uint8Array {
  const length = message.length
  const padded = new Uint8Array(Math.ceil((length + 17) / BLOCK) * BLOCK)
  padded.set(message)
  padded[length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(length) * 8n)

  const primes = firstPrimes(80)
  // The constants are the first 64 bits of the fractions of the primes' cube and square roots.
  const k = primes.map((prime) => fractionOfRoot(prime, 3n))
  const state = primes.slice(0, 8).map((prime) => fractionOfRoot(prime, 2n))

  for (let at = 0; at < padded.length; at += BLOCK) {
    const w: bigint[] = []
    for (let i = 0; i < 80; i++) {
      w[i] =
        i < 16
          ? view.getBigUint64(at + 8 * i)
          : (small(w[i - 2]!, 19n, 61n, 6n) +
              w[i - 7]! +
              small(w[i - 15]!, 1n, 8n, 7n) +
              w[i - 16]!) &
            MASK
    }
    let [a, b, c, d, e, f, g, h] = state as [...Eight]
    for (let i = 0; i < 80; i++) {
      const t1 = h + big(e, 14n, 18n, 41n) + ((e & f) ^ (~e & MASK & g)) + k[i]! + w[i]!
      const t2 = big(a, 28n, 34n, 39n) + ((a & b) ^ (a & c) ^ (b & c))
      h = g
      g = f
      f = e
      e = (d + t1) & MASK
      d = c
      c = b
      b = a
      a = (t1 + t2) & MASK
    }
    const now = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i++) state[i] = (state[i]! + now[i]!) & MASK
  }
  const out = new DataView(new ArrayBuffer(64))
  state.forEach((word, i) => {
    out.setBigUint64(8 * i, word)
  })
  return new Uint8Array(out.buffer)
}

type Eight = [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]

const turn = (x: bigint, by: bigint) => ((x >> by) | (x << (64n - by))) & MASK
const big = (x: bigint, p: bigint, q: bigint, r: bigint) => turn(x, p) ^ turn(x, q) ^ turn(x, r)
const small = (x: bigint, p: bigint, q: bigint, r: bigint) => turn(x, p) ^ turn(x, q) ^ (x >> r)

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = []
  for (let n = 2n; primes.length < count; n++) {
    if (primes.every((prime) => n % prime !== 0n)) primes.push(n)
  }
  return primes
}

/** The first 64 bits of the fraction of a number's root, found exactly by halving. */
function fractionOfRoot(n: bigint, degree: bigint): bigint {
  const target = n << (64n * degree)
  let root = 0n
  for (let bit = 1n << 70n; bit; bit >>= 1n) {
    if ((root + bit) ** degree <= target) root += bit
  }
  return root & MASK
}
