import { parentPort, workerData } from 'node:worker_threads'
import { systemRandom } from '../random.ts'
import { chanceFrom } from './chance.ts'
import { encode } from './encode.ts'
import type { Picture } from './painter.ts'
import { loadPhotographs } from './photographs.ts'
import { newStudio } from './picture.ts'
import { seededRandom } from './seeded.ts'

/** What a worker is told when it starts. */
export interface WorkerOrder {
  /** For tests and the lab; null for the service. */
  seed: number | null
  photographs: string | null
}

/** What a worker says: a picture, or what the operator should know. */
export type WorkerNews = { picture: Picture } | { notice: string }

const order: WorkerOrder = workerData
const random = order.seed === null ? systemRandom() : seededRandom(order.seed)
const chance = chanceFrom(random)

const { photographs, notices } = order.photographs
  ? await loadPhotographs(order.photographs)
  : { photographs: [], notices: [] }
for (const notice of notices) parentPort!.postMessage({ notice } satisfies WorkerNews)
const paint = newStudio(random, photographs)

parentPort!.on('message', async () => {
  let picture: Picture | null = null
  while (!picture) picture = await encode(chance, paint())
  parentPort!.postMessage({ picture } satisfies WorkerNews)
})
