import { createRoot } from 'react-dom/client'
import { GoogleReCaptchaProvider, useGoogleReCaptcha } from 'react-google-recaptcha-v3'
import { sitekey, tell } from './tell.js'

function Send() {
  const { executeRecaptcha } = useGoogleReCaptcha()
  return (
    <button
      type="button"
      // It is there once the vendor's script is.
      disabled={!executeRecaptcha}
      onClick={async () => tell(await executeRecaptcha('login'))}
    >
      Send
    </button>
  )
}

createRoot(document.getElementById('root')).render(
  <GoogleReCaptchaProvider
    reCaptchaKey={sitekey}
    useEnterprise={new URL(location.href).searchParams.has('enterprise')}
  >
    <Send />
  </GoogleReCaptchaProvider>,
)
