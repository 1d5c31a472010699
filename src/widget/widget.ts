import { HINTS } from './base.ts'
import { OneCaptcha } from './element.ts'

/**
 * The global `oneCaptcha`: its `ready` is there at once, the rest of it when that calls back. What only pages with
 * calls or containers of their own need is loaded when they do.
 */
const oneCaptcha = {
  version: VERSION + (HINTS.has('preview') ? '-preview' : ''),
  ready: (then: () => void) => import('./api.ts').then(then),
}

// The page may have the script twice, or in two versions: the first one stays.
if (!customElements.get('one-captcha')) {
  customElements.define('one-captcha', OneCaptcha)
  // Defined, not assigned: `<form name="oneCaptcha">` must not stand in its place.
  if (!LITE) Object.defineProperty(window, 'oneCaptcha', { value: oneCaptcha })
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', look)
  else look()
}

function look() {
  // Not by `document`'s own name for it: a form of that name would be found instead.
  const container = Document.prototype.querySelector.call(document, '#one-captcha,.one-captcha')
  if (LITE) {
    if (container) import('./adopt.ts').then(({ adoptAll }) => adoptAll())
  } else if (container || HINTS.has('render') || HINTS.has('onload'))
    import('./api.ts').then(({ begin }) => begin(HINTS))
}
