import type { ComponentChildren } from 'preact'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'one-captcha': {
        id: string
        sitekey: string
        action?: string | undefined
        guard?: 'open' | undefined
        /** The playground shows all there are. */
        [attribute: string]: unknown
      }
    }
  }
}

interface WidgetProps {
  sitekey: string
  /** What the form is for. */
  action?: string
  /** `open`: the form may go without a token where none can be had. */
  guard?: 'open'
  /** If it is not to choose its language itself. */
  lang?: string | undefined
  /** What those are told whose browser runs no scripts. */
  children?: ComponentChildren
}

/** The widget, in a place that is as large as it before it is there: nothing moves when it comes. */
export function Widget({ sitekey, action = 'signup', guard, lang, children }: WidgetProps) {
  return (
    <div class="widget">
      <one-captcha
        id="one-captcha-response"
        sitekey={sitekey}
        action={action}
        guard={guard}
        lang={lang}
      />
      <noscript>
        {children ?? (
          <p class="hint">
            The box “I am human” needs JavaScript: your browser shows that it is one by doing a
            little work. JavaScript is off here, so the form can be sent, and its backend will
            kindly refuse it.
          </p>
        )}
      </noscript>
    </div>
  )
}
