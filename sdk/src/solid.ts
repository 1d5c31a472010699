import { createComponent, createEffect, type JSX, mergeProps, onCleanup } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import {
  attributesOf,
  bring,
  listen,
  type OneCaptchaAttributes,
  type OneCaptchaElement,
  type OneCaptchaProps,
} from './element.ts'

export type { OneCaptchaElement } from './element.ts'

export interface SolidProps extends OneCaptchaProps {
  ref?: ((element: OneCaptchaElement) => void) | undefined
}

/** `<one-captcha>` as a component of Solid. */
export function OneCaptcha(props: SolidProps): JSX.Element {
  let element: OneCaptchaElement | undefined
  let stop = () => {}
  createEffect(() => bring({ service: props.service, nonce: props.nonce, onError: props.onError }))
  onCleanup(() => stop())
  const given = (made: OneCaptchaElement) => {
    element = made
    stop = listen(element, () => props)
    props.ref?.(made)
  }
  return createComponent(
    Dynamic,
    mergeProps({ component: 'one-captcha', ref: given }, () => prefixed(attributesOf(props))),
  )
}

/** As attributes: Solid sets properties on custom elements, and these have none. */
function prefixed(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`attr:${name}`, value]),
  )
}

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'one-captcha': OneCaptchaAttributes & { ref?: unknown; required?: boolean | undefined }
    }
  }
}
