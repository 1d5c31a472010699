// biome-ignore-all lint/suspicious/noVar: browsers that know no newer words must parse this file
// biome-ignore-all lint/complexity/useArrowFunction: likewise
// biome-ignore-all lint/complexity/useOptionalChain: likewise

import { callbackNamed } from './callback.ts'

/**
 * What a page includes: short and never cached for long. It finds out whether the browser can do it, and then brings
 * the widget itself, whose address changes with its content and so is cached for good.
 */
;(function () {
  // Not `document.currentScript`: an image of that name, put into the page by a stranger, would choose our address.
  var getter = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript')
  var own = getter && getter.get && (getter.get.call(document) as HTMLScriptElement | null)
  var src = own ? own.src : ''

  function tell(name: string, type: string) {
    Array.prototype.forEach.call(
      Document.prototype.querySelectorAll.call(document, '#one-captcha,.one-captcha,one-captcha'),
      function (container: Element) {
        var callback = callbackNamed(
          container.getAttribute('data-' + name) || container.getAttribute(name),
        )
        var event = document.createEvent('Event')
        if (callback) callback()
        event.initEvent(type, false, false)
        container.dispatchEvent(event)
      },
    )
  }

  function whenParsed(then: () => void) {
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', then)
    else then()
  }

  function load(again: string) {
    var script = document.createElement('script')
    var address = src.replace(/[^/]*\/[^/]*$/, '') + WIDGET
    var query = (src.split('?')[1] || '').split('#')[0]
    // After the hash, so that the same file is fetched once, whatever the page asks for.
    address += '#' + query + CHANNEL + again
    script.type = 'module'
    script.nonce = own!.nonce
    script.onerror = function () {
      if (again) return
      whenParsed(function () {
        tell('error-callback', 'error')
      })
      // One more try, when the browser finds its network again.
      window.addEventListener('online', function once() {
        window.removeEventListener('online', once)
        load('&again')
      })
    }
    if (again)
      script.onload = function () {
        tell('error-recovery-callback', 'recovered')
      }
    script.src = trusted(address)
    own!.parentNode!.insertBefore(script, own!.nextSibling)
  }

  /** Pages under Trusted Types let in what a policy of theirs, named `one-captcha`, vouches for. */
  function trusted(address: string): string {
    // biome-ignore lint/suspicious/noExplicitAny: not in TypeScript's own list of what a window has
    var types = (window as any).trustedTypes
    try {
      return types
        .createPolicy('one-captcha', {
          createScriptURL: function (url: string) {
            return url
          },
        })
        .createScriptURL(address)
    } catch (_) {
      return address
    }
  }

  // These came last, in every browser: who has them has all the rest that the widget needs.
  var able =
    own &&
    window.customElements &&
    'attachInternals' in HTMLElement.prototype &&
    'adoptedStyleSheets' in Document.prototype &&
    window.AbortSignal &&
    'throwIfAborted' in AbortSignal.prototype &&
    'timeout' in AbortSignal
  if (able) load('')
  else
    whenParsed(function () {
      tell('unsupport-callback', 'error')
    })
})()
