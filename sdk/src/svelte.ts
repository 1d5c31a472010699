import {
  attributesOf,
  bring,
  listen,
  type OneCaptchaElement,
  type OneCaptchaProps,
} from './element.ts'

export type { OneCaptchaElement, OneCaptchaProps } from './element.ts'

/** An attachment, from Svelte 5.29 on: `<div {@attach oneCaptcha({ service, sitekey, onVerified })}></div>`. */
export function oneCaptcha(props: OneCaptchaProps): (container: HTMLElement) => () => void {
  return (container) => action(container, props).destroy
}

/** An action, for every Svelte: `<div use:captcha={{ service, sitekey, onVerified }}></div>`. */
export function captcha(container: HTMLElement, props: OneCaptchaProps) {
  return action(container, props)
}

/** Puts the element into its container; neither needs Svelte's compiler. */
function action(container: HTMLElement, props: OneCaptchaProps) {
  let current = props
  const element = container.ownerDocument.createElement('one-captcha') as OneCaptchaElement
  paint(element, {}, attributesOf(props))
  const stop = listen(element, () => current)
  container.append(element)
  bring(props)
  return {
    update(next: OneCaptchaProps) {
      paint(element, attributesOf(current), attributesOf(next))
      if (next.service !== current.service) bring(next)
      current = next
    },
    destroy() {
      stop()
      element.remove()
    },
  }
}

function paint(element: HTMLElement, old: Record<string, string>, next: Record<string, string>) {
  for (const name of Object.keys(old)) if (!(name in next)) element.removeAttribute(name)
  for (const [name, value] of Object.entries(next)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
}
