// Written without JSX, which in Solid has a compiler of its own.
import { OneCaptcha } from 'one-captcha/solid'
import { createComponent, createSignal } from 'solid-js'
import { insert, render } from 'solid-js/web'

const root = document.getElementById('root')
const [token, setToken] = createSignal('')
const [theme, setTheme] = createSignal('light')
let element

function button(name, onclick) {
  return Object.assign(document.createElement('button'), {
    type: 'button',
    textContent: name,
    onclick,
  })
}

render(() => {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: '/join' })
  const output = document.createElement('output')
  insert(output, token)
  const captcha = createComponent(OneCaptcha, {
    ...root.dataset,
    action: 'join',
    get theme() {
      return theme()
    },
    ref: (made) => {
      element = made
    },
    onVerified: setToken,
  })
  insert(form, [
    captcha,
    output,
    button('Dark', () => setTheme('dark')),
    button('Verify', () => element.execute()),
    Object.assign(document.createElement('button'), { textContent: 'Join' }),
  ])
  return form
}, root)
