'use client'

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from 'react'
import {
  attributesOf,
  bring,
  listen,
  type OneCaptchaAttributes,
  type OneCaptchaElement,
  type OneCaptchaProps,
} from './element.ts'

export type { OneCaptchaElement } from './element.ts'

export interface ReactProps extends OneCaptchaProps {
  id?: string | undefined
  className?: string | undefined
}

/** `<one-captcha>` as a component of React. Its ref is the element, with `execute`, `reset` and `getResponse`. */
export const OneCaptcha = /* @__PURE__ */ forwardRef<OneCaptchaElement, ReactProps>(
  function OneCaptcha(props, ref) {
    const element = useRef<OneCaptchaElement>(null)
    const latest = useRef(props)
    useImperativeHandle(ref, () => element.current as OneCaptchaElement, [])
    useEffect(() => {
      latest.current = props
    })
    // Listens before the script is asked for, so that nothing is missed.
    useEffect(() => listen(element.current as OneCaptchaElement, () => latest.current), [])
    // biome-ignore lint/correctness/useExhaustiveDependencies: again when the address changes, and only then
    useEffect(() => bring(latest.current), [props.service])
    return createElement('one-captcha', {
      ...attributesOf(props),
      id: props.id,
      class: props.className,
      ref: element,
      // What is inside belongs to the element: React must neither compare nor remove it.
      suppressHydrationWarning: true,
      dangerouslySetInnerHTML: NOTHING,
    })
  },
)

/** The same object each time: another one would be put in again, over the element's field. */
const NOTHING = { __html: '' }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'one-captcha': OneCaptchaAttributes & {
        id?: string | undefined
        class?: string | undefined
        required?: boolean | undefined
        ref?: unknown
      }
    }
  }
}
