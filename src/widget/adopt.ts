import { callbackNamed } from './callback.ts'
import type { OneCaptcha } from './element.ts'
import { keepCookie } from './founding.ts'

/** What a container or the options of `render()` may say about the widget in it. */
const ATTRIBUTES = [
  ...['sitekey', 'action', 'cdata', 'kind', 'theme', 'size', 'mode', 'lang', 'time', 'start'],
  ...['required', 'name', 'renew', 'guard', 'privacy', 'terms', 'panel', 'appearance'],
]

type Reader = (name: string) => unknown

/**
 * Puts a widget into a container.
 *
 * @param read gives an option by its name, such as `sitekey` or `expired-callback`
 * @param founding keeps the founding One Captcha's promises: a token for `data-time`, its hash in a cookie
 */
export function adopt(container: Element, read: Reader, founding = false): OneCaptcha {
  const widget = document.createElement('one-captcha') as OneCaptcha
  for (const name of ATTRIBUTES) {
    const value = read(name)
    if (value != null && value !== false)
      widget.setAttribute(name, value === true ? '' : `${value}`)
  }
  const call = (name: string, value?: unknown) => {
    const option = read(name)
    const callback = typeof option === 'function' ? option : callbackNamed(option as string)
    callback?.(value)
  }
  const on = (type: string, listener: (detail: Record<string, string>) => void) =>
    widget.addEventListener(type, (event) => listener((event as CustomEvent).detail))

  // A page that sends its form from a callback must not have it sent again by a renewal.
  if (founding || read('callback')) widget.setAttribute('renew', 'never')
  // Its forms were never held, and the cookie is not there as soon as the token.
  if (founding && !widget.hasAttribute('guard')) widget.setAttribute('guard', 'off')
  on('verified', async ({ token }) => {
    if (founding) await keepCookie(token!, widget.tokenEndsAt)
    call('callback', token)
  })
  on('expired', () => {
    if (founding) void keepCookie('', 0)
    call('expired-callback')
  })
  on('error', ({ code, trouble }) => {
    call('error-callback', code)
    if (trouble === 'unsupported') call('unsupport-callback')
  })
  on('recovered', () => call('error-recovery-callback'))
  on('open', () => call('open-callback'))
  on('close', () => call('close-callback'))
  container.append(widget)
  return widget
}

/** Adopts the containers that stand in the page. */
export function adoptAll() {
  // Not by `document`'s own name for it: a form control named `querySelectorAll` would be found instead.
  const found: NodeListOf<Element> = Document.prototype.querySelectorAll.call(
    document,
    'div#one-captcha,.one-captcha',
  )
  for (const container of found) {
    if (container.querySelector('one-captcha')) continue
    adopt(
      container,
      (name) => container.getAttribute(`data-${name}`) ?? container.getAttribute(name),
      container.id === 'one-captcha',
    )
  }
}
