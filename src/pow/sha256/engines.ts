import type { Engine } from './engine.ts'
import { plainEngine } from './plain.ts'
import { WASM as SCALAR } from './scalar.wasm.ts'
import { WASM as SIMD } from './simd.wasm.ts'
import { wasmEngine } from './wasm.ts'

/** Every engine, the fastest first. */
export const ENGINES: readonly (() => Engine)[] = [
  () => wasmEngine('simd', SIMD),
  () => wasmEngine('scalar', SCALAR),
  plainEngine,
]

/** The fastest engine that works here. */
export function bestEngine(): Engine {
  for (const open of ENGINES) {
    try {
      return open()
    } catch {
      // Missing here, or not allowed: the next one asks for less.
    }
  }
  return plainEngine()
}
