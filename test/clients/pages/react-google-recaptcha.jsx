import { createRef } from 'react'
import { createRoot } from 'react-dom/client'
import ReCAPTCHA from 'react-google-recaptcha'
import { sitekey, tell } from './tell.js'

const ref = createRef()

createRoot(document.getElementById('root')).render(
  <form>
    <ReCAPTCHA
      ref={ref}
      sitekey={sitekey}
      hl="de"
      onChange={(token) => tell(token)}
      onExpired={() => tell('expired')}
      onErrored={() => tell('errored')}
    />
    <button type="button" onClick={() => tell(ref.current?.getValue())}>
      Value
    </button>
    <button type="button" onClick={() => ref.current?.reset()}>
      Reset
    </button>
  </form>,
)
