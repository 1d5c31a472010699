// The same without Svelte: an action is a function of an element. In a component: `<div use:captcha={{ … }}></div>`.
import { captcha } from 'one-captcha/svelte'

const root = document.getElementById('root')
const props = {
  ...root.dataset,
  action: 'join',
  theme: 'light',
  onVerified(token) {
    root.querySelector('output').textContent = token
    root.querySelector('[type=submit]').disabled = false
  },
}

root.innerHTML = `<form method="post" action="/join">
  <div></div><output></output>
  <button type="button">Dark</button><button type="button">Verify</button>
  <button type="submit" disabled>Join</button>
</form>`
const [dark, verify] = root.querySelectorAll('[type=button]')
const shown = captcha(root.querySelector('div'), props)
dark.onclick = () => shown.update({ ...props, theme: 'dark' })
verify.onclick = () => root.querySelector('one-captcha').execute()
