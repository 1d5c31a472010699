/** Shows what the widget tells its page, and its token. */

const EVENTS = ['ready', 'open', 'close', 'verified', 'expired', 'error', 'recovered']
const SHOWN_MAX = 50

type Widget = HTMLElement & { execute(): Promise<string>; reset(): void }

const widget = document.querySelector<Widget>('#widget')!
const list = document.querySelector('[data-events]')!

for (const name of EVENTS) {
  widget.addEventListener(name, (event) => {
    const { token, code } = (event as CustomEvent).detail ?? {}
    show(name, token ?? code ?? '')
  })
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-do]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    if (button.dataset.do === 'reset') return widget.reset()
    // What goes wrong is told by an event as well.
    widget.execute().catch(() => {})
  })
}

// There is nobody to send it to.
document.querySelector('[data-try]')!.addEventListener('submit', (event) => event.preventDefault())

function show(name: string, detail: string) {
  list.querySelector('[data-none]')?.remove()
  const item = document.createElement('li')
  const at = document.createElement('span')
  at.className = 'hint'
  at.textContent = new Date().toLocaleTimeString()
  item.append(at, ` ${name}`)
  if (detail) {
    const code = document.createElement('code')
    code.textContent = detail
    item.append(' ', code)
  }
  list.append(item)
  if (list.children.length > SHOWN_MAX) list.firstElementChild!.remove()
}
