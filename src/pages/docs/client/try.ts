/** Makes calls of the API from its page. What is typed is kept nowhere, and goes nowhere but into the call. */

/** An answer may be a whole log. */
const SHOWN_CHARACTERS_MAX = 20_000
const TOLD = ['content-type', 'etag', 'retry-after', 'x-ratelimit-remaining', 'terms-version']

for (const part of document.querySelectorAll<HTMLElement>('[data-try]')) part.hidden = false
for (const form of document.querySelectorAll<HTMLFormElement>('.try-call'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void call(form)
  })
// Who goes back to this page begins anew.
addEventListener('pagehide', () => {
  for (const field of document.querySelectorAll<HTMLInputElement>('.secret')) field.value = ''
})

async function call(form: HTMLFormElement) {
  const button = form.querySelector<HTMLButtonElement>('button')!
  button.disabled = true
  try {
    const response = await fetch(...requestOf(form))
    await show(form, response)
  } catch {
    say(form, 'There was no answer.')
  }
  button.disabled = false
}

function requestOf(form: HTMLFormElement): [string, RequestInit] {
  const { method, path } = form.dataset
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const)
  const of = (where: string) =>
    fields
      .filter(([name, value]) => name.startsWith(`${where}:`) && value !== '')
      .map(([name, value]): [string, string] => [name.slice(where.length + 1), value])
  const headers = new Headers(of('header'))
  const key = document.querySelector<HTMLInputElement>('#key')?.value.trim()
  if (form.dataset.key !== undefined && key) headers.set('authorization', `Bearer ${key}`)
  const json = fields.find(([name]) => name === 'json')?.[1]
  if (json !== undefined) headers.set('content-type', 'application/json')
  const inPath = new Map(of('path'))
  const address = path!.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(inPath.get(name) ?? ''),
  )
  const query = new URLSearchParams(of('query')).toString()
  const typed = form.querySelector('[name^="form:"]') ? new URLSearchParams(of('form')) : undefined
  return [
    address + (query && `?${query}`),
    {
      method: method!,
      headers,
      body: json ?? typed ?? null,
      // As a program would: nobody is logged in.
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'manual',
    },
  ]
}

async function show(form: HTMLFormElement, response: Response) {
  const text = await response.text()
  say(form, `${response.status} ${response.statusText}`)
  form.querySelector('.answer dl')!.replaceChildren(
    ...TOLD.filter((name) => response.headers.has(name)).map((name) => {
      const [part, term, told] = ['div', 'dt', 'dd'].map((tag) => document.createElement(tag))
      term!.textContent = name
      told!.textContent = response.headers.get(name)
      part!.append(term!, told!)
      return part!
    }),
  )
  const shown = pretty(text)
  const pre = form.querySelector<HTMLElement>('.answer pre')!
  pre.hidden = shown === ''
  pre.querySelector('code')!.textContent =
    shown.length > SHOWN_CHARACTERS_MAX ? `${shown.slice(0, SHOWN_CHARACTERS_MAX)}\n…` : shown
}

function say(form: HTMLFormElement, words: string) {
  form.querySelector<HTMLElement>('.answer')!.hidden = false
  form.querySelector('.answer dl')!.replaceChildren()
  form.querySelector<HTMLElement>('.answer pre')!.hidden = true
  form.querySelector('[role=status]')!.textContent = words
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
