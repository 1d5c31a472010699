import type { Mode } from '../../core/site.ts'

/** What is to be copied into a site's code. */
export interface Snippet {
  id: string
  /** What it is for, such as `React`. */
  name: string
  /** Where it belongs. */
  lead: string
  code: string
}

interface Of {
  /** Where the service is. */
  origin: string
  sitekey: string
  mode: Mode
}

/** What goes into the pages. */
export function pageSnippets({ origin, sitekey, mode }: Of): Snippet[] {
  const size = mode === 'invisible' ? ' size="invisible"' : ''
  return [
    {
      id: 'html',
      name: 'HTML',
      lead: 'Inside the form. It then carries the token in the field one-captcha-response.',
      code: `<script src="${origin}/v1/widget.js" async></script>

<form method="post" action="/sign-up">
  <one-captcha sitekey="${sitekey}" action="signup"${size}></one-captcha>
  <button>Sign up</button>
</form>`,
    },
    {
      id: 'react',
      name: 'React',
      lead: 'A component of yours, inside a form. The script is loaded once, however often it is shown.',
      code: `import { useEffect } from 'react'

const WIDGET = '${origin}/v1/widget.js'

export function OneCaptcha({ action }) {
  useEffect(() => {
    if (document.querySelector(\`script[src="\${WIDGET}"]\`)) return
    const script = document.createElement('script')
    script.src = WIDGET
    script.async = true
    document.head.append(script)
  }, [])
  return <one-captcha sitekey="${sitekey}" action={action}${size}></one-captcha>
}`,
    },
  ]
}
