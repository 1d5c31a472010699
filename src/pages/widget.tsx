declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'one-captcha': {
        id: string
        sitekey: string
        action?: string | undefined
        required?: boolean | undefined
        /** The playground shows all there are. */
        [attribute: string]: unknown
      }
    }
  }
}

/** The widget, in a place that is as large as it before it is there: nothing moves when it comes. */
export function Widget({ sitekey, required }: { sitekey: string; required?: boolean }) {
  return (
    <div class="widget">
      <one-captcha
        id="one-captcha-response"
        sitekey={sitekey}
        action="signup"
        required={required}
      />
      <noscript>
        <p class="hint">
          The box “I am human” needs JavaScript: your browser shows that it is one by doing a little
          work. JavaScript is off here, so the form can be sent, and its backend will kindly refuse
          it.
        </p>
      </noscript>
    </div>
  )
}
