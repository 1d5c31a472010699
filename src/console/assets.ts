import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { type Asset, asset, styleAsset } from '../pages/assets.ts'

const HERE = import.meta.url

/** Must go wherever uPlot goes. */
const NOTICE = '/*! With uPlot, copyright Leon Sorokin, MIT License: /licenses/browser.txt */'

export const stylesheet = styleAsset('console', [
  new URL('../pages/tokens.css', HERE),
  new URL('../pages/base.css', HERE),
  new URL('console.css', HERE),
])
/** On every page; without it they work as well. */
export const script = scriptAsset('console')
export const passkeyScript = scriptAsset('passkey')
export const playgroundScript = scriptAsset('playground')
/** Draws a site's numbers. */
export const chartScript = scriptAsset('chart', NOTICE)
/** The charts' own style, linked where they are. */
export const chartStyle = styleAsset('chart', [
  pathToFileURL(createRequire(HERE).resolve('uplot/dist/uPlot.min.css')),
  new URL('chart.css', HERE),
])

/** All that the console's pages load. */
export const ASSETS: readonly Asset[] = [
  stylesheet,
  script,
  passkeyScript,
  playgroundScript,
  chartScript,
  chartStyle,
]

/** A script of `client/`, made for browsers that the widget knows too. */
function scriptAsset(name: string, notice = ''): Asset {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`client/${name}.ts`, HERE))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome102', 'firefox112', 'safari16.4'],
    legalComments: 'none',
    banner: { js: notice },
    tsconfigRaw: {},
  })
  return asset(name, 'js', 'text/javascript; charset=utf-8', outputFiles[0]!.text)
}
