import { OneCaptcha } from 'one-captcha/react'
import { createElement, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'

function Join({ service, sitekey }) {
  const captcha = useRef(null)
  const [token, setToken] = useState('')
  const [theme, setTheme] = useState('light')
  return (
    <form method="post" action="/join">
      <OneCaptcha
        ref={captcha}
        service={service}
        sitekey={sitekey}
        action="join"
        theme={theme}
        onVerified={setToken}
        onExpired={() => setToken('')}
      />
      <output>{token}</output>
      <button type="button" onClick={() => setTheme('dark')}>
        Dark
      </button>
      <button type="button" onClick={() => captcha.current.execute()}>
        Verify
      </button>
      <button type="submit" disabled={!token}>
        Join
      </button>
    </form>
  )
}

const root = document.getElementById('root')
createRoot(root).render(createElement(Join, { ...root.dataset }))
