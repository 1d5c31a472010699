/**
 * What a module of `assembly/` exports. Throws where WebAssembly, or what the module needs of it, is missing, and where the
 * Content-Security-Policy does not allow it.
 *
 * @param hex the module, as its `.wasm.ts` carries it
 */
export function instantiate<Exports>(hex: string): Exports {
  const bytes = Uint8Array.from(hex.match(/../g)!, (digits) => Number.parseInt(digits, 16))
  // At once and not with a promise: in a worker nobody is waiting, and on a page the modules are small enough.
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports
}
