// biome-ignore-all lint/suspicious/noVar: browsers that know no newer words must parse this file
// biome-ignore-all lint/complexity/useArrowFunction: likewise

/** The script that runs. Not `document.currentScript`: an image of that name, put into the page by a stranger, would choose our address. */
export function ownScript(): HTMLScriptElement | null {
  var getter = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript')
  return (getter && getter.get!.call(document)) || null
}

/** True for a browser that has all that the widget needs: these came last, in every one. */
export function isAble(): boolean {
  return (
    !!window.customElements &&
    'attachInternals' in HTMLElement.prototype &&
    'adoptedStyleSheets' in Document.prototype &&
    !!window.AbortSignal &&
    'throwIfAborted' in AbortSignal.prototype &&
    'timeout' in AbortSignal
  )
}

/** Brings the widget itself into the page, beside the script that asks for it. */
export function bring(own: HTMLScriptElement, address: string, lost: () => void, got?: () => void) {
  var script = document.createElement('script')
  var link = document.createElement('link')
  script.type = 'module'
  script.nonce = own.nonce
  script.onerror = lost
  if (got) script.onload = got
  script.src = trusted(address)
  own.after(script)
  // Who reads no English needs this as well, and should not wait for it until the widget is there.
  if (/hl=/.test(address) || !/^en/i.test(document.documentElement.lang || navigator.language)) {
    link.rel = 'modulepreload'
    link.nonce = own.nonce
    link.href = address.replace(/\/widget\.js.*/, '/language.js')
    own.after(link)
  }
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
