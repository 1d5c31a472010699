import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TOOL_NAMES, type ToolName } from './debian.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The test files whose path has one of the filters in it, as vitest chooses them. */
export function chosen(filters: readonly string[]): string[] {
  const all = globSync('{src,test}/**/*.test.{ts,tsx}', {
    cwd: ROOT,
    exclude: (name) => name === 'node_modules',
  }).map((file) => join(ROOT, file))
  return all.filter((file) => filters.some((filter) => file.includes(filter)))
}

/** The programs that files ask for by name, as in `pathOf('php')`: they, and all that they import. */
export function toolsOf(files: readonly string[]): ToolName[] {
  const texts = new Map<string, string>()
  for (const file of files) read(file, texts)
  const all = [...texts.values()].join()
  return TOOL_NAMES.filter((tool) => all.includes(`pathOf('${tool}')`))
}

function read(file: string, texts: Map<string, string>) {
  if (texts.has(file) || !existsSync(file)) return
  const text = readFileSync(file, 'utf8')
  texts.set(file, text)
  for (const [, path] of text.matchAll(/\bfrom '(\.[^']+\.tsx?)'/g))
    read(join(dirname(file), path!), texts)
}
