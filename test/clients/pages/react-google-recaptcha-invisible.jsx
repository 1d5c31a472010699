import { createRef } from 'react'
import { createRoot } from 'react-dom/client'
import ReCAPTCHA from 'react-google-recaptcha'
import { sitekey, tell } from './tell.js'

const ref = createRef()

createRoot(document.getElementById('root')).render(
  <form>
    <ReCAPTCHA ref={ref} sitekey={sitekey} size="invisible" />
    <button type="button" onClick={async () => tell(await ref.current?.executeAsync())}>
      Send
    </button>
  </form>,
)
