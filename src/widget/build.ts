import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type BuildOptions, build, type Plugin, transform } from 'esbuild'
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

/** Builds the widget in memory. The same source gives the same files, under the same names. */
export async function buildWidget(): Promise<Map<string, WidgetPart>> {
  const parts = new Map<string, WidgetPart>()

  const worker = await bundleOne('work/worker.ts', 'iife')
  const solver = await bundleOne('work/solver.ts', 'esm')
  const inFrame = {
    worker: `../parts/${named('worker', worker)}`,
    solver: `../parts/${named('solver', solver)}`,
  }
  const frame = workDocument(await bundleOne('work/frame.ts', 'iife'), inFrame)
  const frameName = named('', frame.html).replace(/\.js$/, '.html')
  await addPart(parts, `/v1/parts/${named('worker', worker)}`, worker, { headers: WORK_HEADERS })
  await addPart(parts, `/v1/parts/${named('solver', solver)}`, solver, { headers: WORK_HEADERS })
  await addPart(parts, `/v1/frame/${frameName}`, frame.html, {
    type: 'text/html; charset=utf-8',
    headers: frame.headers,
  })
  const addresses = {
    frame: `v1/frame/${frameName}`,
    worker: `v1/parts/${named('worker', worker)}`,
    solver: `v1/parts/${named('solver', solver)}`,
  }

  const entries = new Map<boolean, string>()
  for (const lite of [false, true]) {
    const bundled = await bundleWidget(lite, addresses)
    for (const { path, text } of bundled) await addPart(parts, `/v1/parts/${path}`, text)
    entries.set(lite, bundled.find(({ path }) => /^(lite-)?widget-/.test(path))!.path)
  }
  for (const { path, lite, channel } of LOADERS) {
    const text = await bundleOne('loader.ts', 'iife', {
      target: 'es5',
      define: {
        WIDGET: JSON.stringify(`v1/parts/${entries.get(lite)}`),
        CHANNEL: JSON.stringify(channel),
      },
    })
    await addPart(parts, path, text, { immutable: false })
  }
  return parts
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

/** The widget with all that it loads on demand: a file per language, a file per view. */
async function bundleWidget(lite: boolean, addresses: Record<string, string>) {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [{ in: join(HERE, 'widget.ts'), out: 'widget' }],
    outdir: '/',
    format: 'esm',
    splitting: true,
    entryNames: `${lite ? 'lite-' : ''}[name]-[hash]`,
    chunkNames: `${lite ? 'lite-' : ''}[name]-[hash]`,
    plugins: [styles],
    define: {
      LITE: `${lite}`,
      VERSION: JSON.stringify(version),
      FRAME: JSON.stringify(addresses.frame),
      WORKER: JSON.stringify(addresses.worker),
      SOLVER: JSON.stringify(addresses.solver),
    },
  })
  return outputFiles!.map(({ path, text }) => ({ path: basename(path), text }))
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

function named(name: string, text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10)
  return `${name && `${name}-`}${hash}.js`
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function addPart(
  parts: Map<string, WidgetPart>,
  path: string,
  text: string,
  { type = SCRIPT, immutable = true, headers = {} as Record<string, string> } = {},
) {
  const body = Buffer.from(text)
  const { 'content-security-policy': csp, ...others } = headers
  const [br, gz] = await Promise.all([
    brotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
    zip(body, { level: 9 }),
  ])
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  parts.set(path, { body, br, gzip: gz, type, immutable, etag, csp, headers: others })
}
