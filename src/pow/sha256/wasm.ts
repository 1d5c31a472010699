import { instantiate } from '../wasm.ts'
import type { Engine } from './engine.ts'
import { TABLE_WORDS } from './table.ts'

interface Exports {
  memory: WebAssembly.Memory
  search: Engine['search']
}

/** An engine from a module of `assembly/`. Throws where it cannot run. */
export function wasmEngine(name: Engine['name'], hex: string): Engine {
  const { memory, search } = instantiate<Exports>(hex)
  return { name, table: new Int32Array(memory.buffer, 0, TABLE_WORDS), search }
}
