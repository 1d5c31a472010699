import { execFileSync } from 'node:child_process'
import { pbkdf2Sync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wasmEngine } from '../../src/pow/equix/wasm.ts'
import { plainEngine } from '../../src/pow/sha256/plain.ts'

/** What is done a second on one core, by programs made for this very processor; null where a program is missing. */
export interface Natives {
  sha256(): number
  opensslSha256(): number | null
  /** Solutions and attempts. */
  equix(how?: 'vectors' | 'scalar'): { solutionsPerSecond: number; attemptsPerSecond: number }
  equixVerifications(): number
  blake2b(): number
  /** What the first 65,536 nonces come to at least, of a block of zeros. */
  leastBlake2b(): number
  pbkdf2(): number
  close(): void
}

const SECONDS = '1'

/** Compiles them, and sees to it that they compute the same as the programs that they are compared with. */
export function openNatives(): Natives {
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-bench-'))
  const close = () => rmSync(folder, { recursive: true })
  const run = (name: string, args: string[] = [], input = '') =>
    execFileSync(join(folder, name), args, { encoding: 'utf8', input })
  try {
    for (const name of ['native', 'native-equix', 'native-peers']) compile(folder, name)
    checkSha256(Number(run('native').split(' ')[1]))
    checkEquix((challenge) => JSON.parse(run('native-equix', ['check'], challenge)))
    checkPbkdf2(JSON.parse(run('native-peers')).word)
  } catch (error) {
    close()
    throw error
  }
  return {
    sha256: () => Number(run('native').split(' ')[0]),
    opensslSha256,
    equix: (how = 'vectors') => JSON.parse(run('native-equix', ['solve', SECONDS, how])),
    equixVerifications: () =>
      JSON.parse(run('native-equix', ['verify', SECONDS])).verificationsPerSecond,
    blake2b: () => JSON.parse(run('native-peers')).blake2bPerSecond,
    leastBlake2b: () => JSON.parse(run('native-peers')).least,
    pbkdf2: () => JSON.parse(run('native-peers')).pbkdf2PerSecond,
    close,
  }
}

function compile(folder: string, name: string): void {
  const source = join(import.meta.dirname, `../${name}.c`)
  execFileSync('cc', ['-O3', '-march=native', '-o', join(folder, name), source])
}

/** `openssl speed` with messages as long as those that are hashed here. */
function opensslSha256(): number | null {
  const args = ['speed', '-mr', '-seconds', SECONDS, '-bytes', '40', '-evp', 'sha256']
  try {
    const text = execFileSync('openssl', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number(/^\+F:\d+:sha256:([\d.]+)/m.exec(text)![1]!) / 40
  } catch {
    return null
  }
}

/** The least sum of the first nonces is that of our plain engine. */
function checkSha256(least: number): void {
  const plain = plainEngine()
  plain.table.forEach((_, i) => {
    plain.table[i] = Math.imul(i + 1, 0x9e3779b1)
  })
  const same = plain.search(0, 65_536, least) >= 0 && plain.search(0, 65_536, least - 1) < 0
  if (!same) throw new Error('native.c computes something else.')
}

function checkEquix(solve: (challenge: string) => number[][]): void {
  const challenge = Buffer.alloc(40)
  const attempt = wasmEngine().begin(challenge)!
  attempt.hash(65_536)
  const ours = attempt.solutions().map((bytes) => new Uint16Array(bytes.buffer).join())
  const theirs = solve(challenge.toString('hex')).map((indices) => indices.join())
  if (ours.length === 0 || ours.sort().join(' ') !== theirs.sort().join(' '))
    throw new Error('native-equix.c computes something else.')
}

function checkPbkdf2(word: number): void {
  if (pbkdf2Sync('', '', 5_000, 32, 'sha256').readUInt32BE() !== word)
    throw new Error('native-peers.c computes something else.')
}
