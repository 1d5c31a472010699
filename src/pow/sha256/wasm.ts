import type { Engine } from './engine.ts'
import { TABLE_WORDS } from './table.ts'

interface Exports {
  memory: WebAssembly.Memory
  search: Engine['search']
}

/**
 * An engine from a module of `assembly/`. Throws where WebAssembly, or what the module needs of it, is missing, and
 * where the Content-Security-Policy does not allow it.
 */
export function wasmEngine(name: Engine['name'], hex: string): Engine {
  const bytes = Uint8Array.from(hex.match(/../g)!, (digits) => Number.parseInt(digits, 16))
  // At once and not with a promise: in a worker nobody is waiting, and on a page the scalar module is small enough.
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const { memory, search } = exports as unknown as Exports
  return { name, table: new Int32Array(memory.buffer, 0, TABLE_WORDS), search }
}
