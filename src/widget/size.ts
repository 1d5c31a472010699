import { buildWidget, type WidgetPart } from './build.ts'

/** All that a puzzle journey may weigh. */
export const BUDGET_BYTES = 16_560

/** What a visitor downloads who meets a puzzle and solves it, in English. */
const JOURNEY = {
  loader: /^\/v1\/widget\.js/,
  widget: /^\/v1\/parts\/\w+\/widget\.js/,
  slider: /\/slider\.js/,
  frame: /\/frame\.html/,
  worker: /\/worker\.js/,
}

/** The parts that are downloaded in a puzzle journey, each with its role in it. */
export function journeyOf(parts: Map<string, WidgetPart>): [string, WidgetPart][] {
  return Object.entries(JOURNEY).flatMap(([name, pattern]) =>
    [...parts]
      .filter(([path]) => pattern.test(path))
      .map(([, part]): [string, WidgetPart] => [name, part]),
  )
}

/** The bytes of each part of a puzzle journey as sent with brotli, and their sum. */
export function sizeOf(parts: Map<string, WidgetPart>): Record<string, number> {
  const sizes: Record<string, number> = { total: 0 }
  for (const [name, part] of journeyOf(parts)) {
    sizes[name] = part.br.length
    sizes.total! += part.br.length
  }
  return sizes
}

if (import.meta.main) {
  const parts = await buildWidget()
  console.table(
    Object.fromEntries(
      [...parts].map(([path, { body, br, gzip }]) => [
        path,
        { raw: body.length, gzip: gzip.length, br: br.length },
      ]),
    ),
  )
  console.log('A puzzle journey, in bytes with brotli:', sizeOf(parts))
}
