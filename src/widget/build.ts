import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type BuildOptions, build, type Plugin, transform } from 'esbuild'
import { LANGUAGES } from './language.ts'
import { WORK_HEADERS, workDocument } from './work/document.ts'

/** A file that the widget consists of, ready to be sent. */
export interface WidgetPart {
  body: Buffer
  br: Buffer
  gzip: Buffer
  type: string
  /** Its address changes with its content, so it may be kept for good. */
  immutable: boolean
  /** A strong validator, with its quotes. */
  etag: string
  /** Its own content policy, where the service's strict one would not do. */
  csp?: string
  /** Further headers it must be served with. */
  headers?: Record<string, string>
}

const HERE = dirname(fileURLToPath(import.meta.url))
const ROOT = join(HERE, '../..')
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The oldest browsers that the loader lets the widget into (`loader.ts` tests for what they have). */
const TARGET = ['chrome102', 'firefox112', 'safari16.4']

const SCRIPT = 'text/javascript; charset=utf-8'

/** The loaders: the founding addresses and ours. What they pass on goes after the widget's `#`. */
const LOADERS = [
  { path: '/0/api.js', lite: false, channel: '' },
  { path: '/v1/widget.js', lite: false, channel: '' },
  // The smallest build: English only, no global `oneCaptcha`, no `.one-captcha` options by call. The element, both
  // kinds of container, the puzzle and the way around it are all there.
  { path: '/0/api_lite.js', lite: true, channel: '' },
  // The next release. Where none is being prepared it is this one, and says so in `oneCaptcha.version`.
  { path: '/0/api_preview.js', lite: false, channel: '&preview' },
]

/** Others' addresses, and what speaks there as theirs do. */
const COMPATS = [
  { path: '/recaptcha/api.js', file: 'compat/recaptcha.ts' },
  { path: '/recaptcha/enterprise.js', file: 'compat/recaptcha.ts' },
  { path: '/1/api.js', file: 'compat/hcaptcha.ts' },
  { path: '/turnstile/v0/api.js', file: 'compat/turnstile.ts' },
]

/** Builds the widget in memory. The same source gives the same files, under the same names. */
export async function buildWidget(): Promise<Map<string, WidgetPart>> {
  const parts = new Map<string, WidgetPart>()
  const frame = workDocument(await bundleOne('work/frame.ts', 'iife'))
  const files: File[] = [
    {
      name: 'worker.js',
      text: await bundleOne('work/worker.ts', 'iife'),
      headers: WORK_HEADERS,
    },
    {
      name: 'solver.js',
      text: await bundleOne('work/solver.ts', 'esm'),
      headers: WORK_HEADERS,
    },
    {
      name: 'frame.html',
      text: frame.html,
      headers: frame.headers,
      type: 'text/html; charset=utf-8',
    },
    ...(await bundleLanguages()),
    ...(await bundleWidget(false)),
    ...(await bundleWidget(true)),
  ]
  // One name for all of them together: they stand side by side, and find each other without more.
  const folder = `v1/parts/${nameOf(JSON.stringify(files))}`
  for (const { name, text, ...more } of files)
    await addPart(parts, `/${folder}/${name}`, text, more)

  for (const { path, lite, channel } of LOADERS) {
    const text = await bundleOne('loader.ts', 'iife', {
      target: 'es5',
      define: {
        WIDGET: JSON.stringify(`${folder}/${lite ? 'lite-' : ''}widget.js`),
        CHANNEL: JSON.stringify(channel),
      },
    })
    await addPart(parts, path, text, { immutable: false })
  }
  for (const { path, file } of COMPATS) {
    const define = { WIDGET: JSON.stringify(`${folder}/widget.js`) }
    await addPart(parts, path, await bundleOne(file, 'iife', { define }), { immutable: false })
  }
  return parts
}

/** A part, before it has its address. */
interface File {
  name: string
  text: string
  type?: string
  headers?: Record<string, string>
}

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  write: false,
  target: TARGET,
  charset: 'utf8',
  legalComments: 'none',
  // Nothing on this machine but the source has a say in what comes out.
  tsconfigRaw: {},
  logLevel: 'silent',
}

const KINDS = join(ROOT, 'src/kinds')

/** What the build finds in the kinds' folders, as entries named after the kinds; `views.ts` says which are used. */
function ofKinds(file: string, name: (kind: string) => string) {
  return readdirSync(KINDS)
    .sort()
    .map((kind) => ({ in: join(KINDS, kind, file), out: name(kind) }))
    .filter((entry) => existsSync(entry.in))
}

/** The sentences of the widget and of each kind's view, a file per language; English is in their code. */
function bundleLanguages(): Promise<File[]> {
  const entries = LANGUAGES.filter((language) => language !== 'en').flatMap((language) => [
    { in: join(HERE, `words/${language}.json`), out: `${language}-widget` },
    ...ofKinds(`words/${language}.json`, (kind) => `${language}-${kind}`),
  ])
  return Promise.all(
    entries.map(async (entry) => ({ name: `${entry.out}.js`, text: await wordsIn(entry.in) })),
  )
}

/** A language's file as a module: a page's policy on scripts lets it in, as it does the rest. */
async function wordsIn(path: string): Promise<string> {
  const { direction, words } = JSON.parse(readFileSync(path, 'utf8'))
  const text = `export const words=${JSON.stringify({ ...words, direction })}`
  const { code } = await transform(text, { minify: true, target: TARGET, charset: 'utf8' })
  return code
}

/**
 * Properties that only our own code knows, for which the widget has shorter names. No name here is one of the browser's
 * or the language's; and what is of the protocol, the page, a language's file or the worker keeps its own, as those are
 * made elsewhere.
 */
const PRIVATE = [
  ...['phase', 'restMs', 'panel', 'note', 'down', 'dispatch', 'paint', 'say', 'place'],
  ...['prepare', 'meet', 'issue', 'run', 'lighten', 'solve', 'warm', 'look', 'turn', 'mount'],
  ...['shown', 'online', 'appear', 'watch', 'stand', 'adopt'],
]

/** The widget with all that it loads on demand: a file per view, and what only few pages or visitors use. */
function bundleWidget(lite: boolean): Promise<File[]> {
  const names = `${lite ? 'lite-' : ''}[name]`
  return bundle({
    entryPoints: [
      { in: join(HERE, 'widget.ts'), out: 'widget' },
      ...ofKinds('view.ts', (kind) => kind),
    ],
    splitting: true,
    entryNames: names,
    chunkNames: names,
    mangleProps: new RegExp(`^(${PRIVATE.join('|')})$`),
    plugins: [styles],
    define: { LITE: `${lite}`, VERSION: JSON.stringify(version) },
  })
}

async function bundle(options: BuildOptions): Promise<File[]> {
  const { outputFiles } = await build({ ...COMMON, format: 'esm', outdir: '/', ...options })
  return outputFiles!.map(({ path, text }) => ({ name: basename(path), text }))
}

async function bundleOne(file: string, format: 'iife' | 'esm', more: BuildOptions = {}) {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(HERE, file)],
    format,
    ...more,
  })
  return outputFiles![0]!.text
}

/** Style sheets come in as text: the widget adopts them, as a strict content policy forbids style elements. */
const styles: Plugin = {
  name: 'styles',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), {
        loader: 'css',
        minify: true,
        target: TARGET,
      })
      return { contents: `export const css = ${JSON.stringify(code.trim())}`, loader: 'js' }
    })
  },
}

/** Eight letters that change with the text. Letters alone, as these compress best among letters. */
function nameOf(text: string): string {
  const hash = createHash('sha256').update(text).digest()
  return [...hash.subarray(0, 8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Which of these is smallest only trying tells: a per cent or two, most of it in the short parts. */
const BROTLI_WAYS = [
  {},
  { [constants.BROTLI_PARAM_NPOSTFIX]: 1, [constants.BROTLI_PARAM_NDIRECT]: 30 },
  { [constants.BROTLI_PARAM_NPOSTFIX]: 3, [constants.BROTLI_PARAM_NDIRECT]: 32 },
  { [constants.BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING]: 1 },
]

async function smallest(body: Buffer): Promise<Buffer> {
  const tries = BROTLI_WAYS.map((way) =>
    brotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        ...way,
      },
    }),
  )
  return (await Promise.all(tries)).reduce((best, one) => (one.length < best.length ? one : best))
}

async function addPart(
  parts: Map<string, WidgetPart>,
  path: string,
  text: string,
  { type = SCRIPT, immutable = true, headers = {} as Record<string, string> } = {},
) {
  const body = Buffer.from(text)
  const { 'content-security-policy': csp, ...others } = headers
  const [br, gz] = await Promise.all([smallest(body), zip(body, { level: 9 })])
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  parts.set(path, { body, br, gzip: gz, type, immutable, etag, csp, headers: others })
}
