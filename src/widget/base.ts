const here = new URL(import.meta.url)

/** Where the widget and all its other parts are. */
export const PARTS = new URL('.', here).href

/** Where the service is, whatever prefix it runs under: the parts are three levels below. */
export const BASE = new URL('../../..', here).href

/** What the page said in the loader's address (`?hl=…&onload=…&render=explicit`); the loader hands it on. */
export const HINTS = new URLSearchParams(here.hash.slice(1))
