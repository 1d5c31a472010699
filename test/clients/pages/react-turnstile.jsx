import { Turnstile } from '@marsidev/react-turnstile'
import { createRef } from 'react'
import { createRoot } from 'react-dom/client'
import { sitekey, tell } from './tell.js'

const ref = createRef()
const execution = new URL(location.href).searchParams.has('execute') ? 'execute' : 'render'

createRoot(document.getElementById('root')).render(
  <form>
    <Turnstile
      ref={ref}
      siteKey={sitekey}
      options={{ action: 'pay', cData: 'order-7', execution }}
      onSuccess={(token) => tell(token)}
      onExpire={() => tell('expired')}
      onError={(code) => tell(`error ${code}`)}
    />
    <button type="button" onClick={() => ref.current?.execute()}>
      Execute
    </button>
    <button type="button" onClick={() => ref.current?.reset()}>
      Reset
    </button>
    <button type="button" onClick={() => tell(ref.current?.getResponse())}>
      Value
    </button>
  </form>,
)
