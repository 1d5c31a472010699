import { bring, isAble, ownScript } from '../bring.ts'
import { whenParsed } from './mount.ts'

/** Where these scripts are, below whatever stands before the service's own paths. */
const OWN_PATH = /\/(recaptcha\/(api|enterprise)|1\/api|turnstile\/v0\/api)\.js/

/**
 * Brings the widget in, after a vendor's global was defined: pages may call that as soon as this script has run.
 *
 * @param begin finds the containers that stand in the page; not called where the page renders by calls alone
 * @param lost hears that ours does not come, for all widgets there are
 */
export function arrive(
  begin: () => void,
  lost: (trouble: 'unsupported' | 'unreachable') => void,
): URLSearchParams {
  const own = ownScript()
  const source = own?.src ?? ''
  const hints = new URL(source || location.href).searchParams
  const language = hints.get('hl')
  afterLoad(own, () => {
    if (hints.get('render') !== 'explicit') begin()
    calledBack(hints.get('onload'))
    if (!own || !isAble()) lost('unsupported')
  })
  if (!own || !isAble()) return hints

  const address = `${source.slice(0, source.search(OWN_PATH))}/${WIDGET}`
  const load = (again: boolean) =>
    bring(
      own,
      `${address}#${language ? `hl=${encodeURIComponent(language)}` : ''}${again ? '&again' : ''}`,
      () => {
        if (again) return
        lost('unreachable')
        addEventListener('online', () => load(true), { once: true })
      },
    )
  load(false)
  return hints
}

/** Some clients wait for the script's own event first, and take it for a fault if they are called back before. */
function afterLoad(own: HTMLScriptElement | null, then: () => void) {
  const later = () => whenParsed(then)
  if (own) own.addEventListener('load', () => setTimeout(later), { once: true })
  else later()
}

/**
 * Calls what the script's address names. Who writes that could as well write a script, so any function will do, also one
 * that is the browser's, such as a promise's end.
 */
function calledBack(name: string | null) {
  const found = name && Object.getOwnPropertyDescriptor(window, name)?.value
  if (typeof found === 'function') found()
}
