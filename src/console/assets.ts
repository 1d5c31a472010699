import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Asset, scriptAsset, styleAsset } from '../pages/assets.ts'

const HERE = import.meta.url

/** Must go wherever uPlot goes. */
const NOTICE = '/*! With uPlot, copyright Leon Sorokin, MIT License: /licenses/browser.txt */'

export const stylesheet = styleAsset('console', [
  new URL('../pages/tokens.css', HERE),
  new URL('../pages/base.css', HERE),
  new URL('console.css', HERE),
])
/** On every page; without it they work as well. */
export const script = scriptAsset('console', new URL('client/console.ts', HERE))
export const passkeyScript = scriptAsset('passkey', new URL('client/passkey.ts', HERE))
export const playgroundScript = scriptAsset('playground', new URL('client/playground.ts', HERE))
/** Draws a site's numbers. */
export const chartScript = scriptAsset('chart', new URL('client/chart.ts', HERE), NOTICE)
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
