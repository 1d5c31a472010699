// First, so that what is not code stands together: it compresses better.
import './styles.css'
import './words/en.ts'
import { HINTS } from './base.ts'
import { OneCaptcha } from './element.ts'

// The page may have the script twice, or in two versions: the first one stays.
if (!customElements.get('one-captcha')) {
  customElements.define('one-captcha', OneCaptcha)
  if (!LITE) publish()
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', look)
  else look()
}

/**
 * Defines the global `oneCaptcha`: its `ready` is there at once, the rest of it when that calls back. What only pages
 * with calls or containers of their own need is loaded when they do.
 */
function publish() {
  // Defined, not assigned: `<form name="oneCaptcha">` must not stand in its place.
  Object.defineProperty(window, 'oneCaptcha', {
    value: {
      version: VERSION + (HINTS.has('preview') ? '-preview' : ''),
      ready: (then: () => void) => LITE || import('./api.ts').then(then),
    },
  })
}

function look() {
  // Not by `document`'s own name for it: a form of that name would be found instead.
  const container = Document.prototype.querySelector.call(document, '#one-captcha,.one-captcha')
  if (LITE) {
    if (container) import('./adopt.ts').then(({ adoptAll }) => adoptAll())
  } else if (container || HINTS.has('render') || HINTS.has('onload'))
    import('./api.ts').then(({ begin }) => begin(HINTS))
}
