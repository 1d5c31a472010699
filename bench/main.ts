/** `npm run bench [-- NAME …]`: runs the benchmarks and prints their tables as Markdown. */
import { cpus } from 'node:os'

const benches: Record<string, () => Promise<string>> = {
  server: async () => (await import('./server.ts')).server(),
  store: async () => (await import('./store.ts')).store(),
  ledger: async () => (await import('./ledger.ts')).ledger(),
  sizes: async () => (await import('./sizes.ts')).sizes(),
  journeys: async () => (await import('./journeys.ts')).journeys(),
  page: async () => (await import('./page.ts')).page(),
  frames: async () => (await import('./frames.ts')).frames(),
  pictures: async () => (await import('./pictures.ts')).pictures(),
  work: async () => (await import('./work.ts')).work(),
  economics: async () => (await import('./economics.ts')).economics(),
  counting: async () => (await import('./counting.ts')).counting(),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`,
  )
  process.exit(2)
}

console.log(
  `Node.js ${process.versions.node}, ${cpus().length} × ${cpus()[0]!.model}, ${new Date().toISOString().slice(0, 10)}\n`,
)
for (const name of asked.length > 0 ? asked : Object.keys(benches))
  console.log(await benches[name]!())
