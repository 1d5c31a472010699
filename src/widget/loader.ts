// biome-ignore-all lint/suspicious/noVar: browsers that know no newer words must parse this file
// biome-ignore-all lint/complexity/useArrowFunction: likewise

import { bring, isAble, ownScript } from './bring.ts'
import { callbackNamed } from './callback.ts'

/**
 * What a page includes: short and never cached for long. It finds out whether the browser can do it, and then brings
 * the widget itself, whose address changes with its content and so is cached for good.
 */
;(function () {
  var own = ownScript()

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
    bring(
      own!,
      // Two levels up, and the query after the hash: the same file is fetched once, whatever the page asks for.
      own!.src.replace(/[^/]+\/[^/?#]+(\?[^#]*)?(#.*)?$/, WIDGET + '#$1') + CHANNEL + again,
      function () {
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
      },
      again
        ? function () {
            tell('error-recovery-callback', 'recovered')
          }
        : undefined,
    )
  }

  if (own && isAble()) load('')
  else tellWhenParsed('unsupport-callback')
})()
