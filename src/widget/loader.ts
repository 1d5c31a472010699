// biome-ignore-all lint/suspicious/noVar: browsers that know no newer words must parse this file
// biome-ignore-all lint/complexity/useArrowFunction: likewise

import { callbackNamed } from './callback.ts'

/**
 * What a page includes: short and never cached for long. It finds out whether the browser can do it, and then brings
 * the widget itself, whose address changes with its content and so is cached for good.
 */
;(function () {
  // Not `document.currentScript`: an image of that name, put into the page by a stranger, would choose our address.
  var getter = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript')
  var own = getter && (getter.get!.call(document) as HTMLScriptElement | null)

  function tell(name: string, type: string) {
    ;[].forEach.call(
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

  function tellWhenParsed(name: string) {
    function then() {
      tell(name, 'error')
    }
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', then)
    else then()
  }

  function load(again: string) {
    var script = document.createElement('script')
    script.type = 'module'
    script.nonce = own!.nonce
    script.onerror = function () {
      if (again) return
      tellWhenParsed('error-callback')
      // One more try, when the browser finds its network again.
      addEventListener(
        'online',
        function () {
          load('&again')
        },
        { once: true },
      )
    }
    if (again)
      script.onload = function () {
        tell('error-recovery-callback', 'recovered')
      }
    script.src = trusted(
      // Two levels up, and the query after the hash: the same file is fetched once, whatever the page asks for.
      own!.src.replace(/[^/]+\/[^/?#]+(\?[^#]*)?(#.*)?$/, WIDGET + '#$1') + CHANNEL + again,
    )
    own!.after(script)
  }

  /** Pages under Trusted Types let in what a policy of theirs, named `one-captcha`, vouches for. */
  function trusted(address: string): string {
    try {
      // biome-ignore lint/suspicious/noExplicitAny: not in TypeScript's own list of what a window has
      return (window as any).trustedTypes
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
  if (
    own &&
    window.customElements &&
    'attachInternals' in HTMLElement.prototype &&
    'adoptedStyleSheets' in Document.prototype &&
    window.AbortSignal &&
    'throwIfAborted' in AbortSignal.prototype &&
    'timeout' in AbortSignal
  )
    load('')
  else tellWhenParsed('unsupport-callback')
})()
