const PAUSE_MS = 150

/** On the search's own page, shows what is found while somebody types. */
export function searchWhileTyping() {
  const input = document.querySelector<HTMLInputElement>('.ask input')
  const found = document.getElementById('found')
  if (!input || !found) return
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), PAUSE_MS)
  })

  async function ask() {
    asking?.abort()
    asking = new AbortController()
    const address = `/docs/search?${new URLSearchParams({ q: input!.value })}`
    try {
      const response = await fetch(address, { signal: asking.signal, credentials: 'omit' })
      if (!response.ok) return
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      found!.replaceChildren(...page.getElementById('found')!.childNodes)
      history.replaceState(null, '', address)
    } catch {
      // It was asked anew, or there is no answer: the button asks again.
    }
  }
}
