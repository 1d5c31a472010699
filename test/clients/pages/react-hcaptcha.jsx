import HCaptcha from '@hcaptcha/react-hcaptcha'
import { createRef } from 'react'
import { createRoot } from 'react-dom/client'
import { sitekey, tell } from './tell.js'

const ref = createRef()

createRoot(document.getElementById('root')).render(
  <form>
    <HCaptcha
      ref={ref}
      sitekey={sitekey}
      onVerify={(token) => tell(token)}
      onOpen={() => tell('opened')}
      onClose={() => tell('closed')}
      onExpire={() => tell('expired')}
      onError={(code) => tell(`error ${code}`)}
    />
    <button
      type="button"
      onClick={async () => {
        const done = await ref.current?.execute({ async: true })
        tell(`${done?.response} ${done?.key === ref.current?.getRespKey()}`)
      }}
    >
      Execute
    </button>
    <button type="button" onClick={() => ref.current?.resetCaptcha()}>
      Reset
    </button>
  </form>,
)
