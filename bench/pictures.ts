import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { startPainter } from '../src/painting/pool.ts'

const SECONDS = 10
const READY = 64

/** How many puzzle pictures the painters make, what each costs, and what it weighs on the wire. */
export async function pictures(): Promise<string> {
  const painter = startPainter({ ready: READY })
  // The first pictures pay for the engine's warming up.
  while (painter.ready() < READY) await setTimeout(20)
  for (let i = 0; i < READY; i++) painter.take()

  const cpu = process.cpuUsage()
  const from = performance.now()
  const sizes: number[] = []
  while (performance.now() - from < SECONDS * 1_000) {
    const picture = painter.take()
    if (picture) sizes.push(base64(picture.scene) + base64(picture.piece))
    else await setTimeout(2)
  }
  const { user, system } = process.cpuUsage(cpu)
  await painter.close()

  sizes.sort((a, b) => a - b)
  const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)]!.toLocaleString('en')
  return [
    `### Pictures, painted and encoded on ${availableParallelism()} cores`,
    '',
    '| per second | CPU time each | base64 bytes, median | p99 | most |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${Math.round(sizes.length / SECONDS)} | ${((user + system) / 1_000 / sizes.length).toFixed(1)} ms | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`,
    '',
  ].join('\n')
}

function base64(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / 3) * 4
}
