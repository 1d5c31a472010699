/** What makes the console's pages nicer where scripts run. All of them work without. */

const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }
const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }

/** Moments in the reader's own zone; the same in UTC is what the pointer shows. A day is a day in UTC, and stays it. */
function localise() {
  for (const time of document.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const isDay = time.hasAttribute('data-day')
    time.textContent = new Intl.DateTimeFormat(
      undefined,
      isDay ? { ...DAY, timeZone: 'UTC' } : MOMENT,
    ).format(at)
  }
}

/** Each button copies what it stands beside, and says that it did. */
function offerCopies() {
  // Browsers copy on trustworthy addresses alone.
  if (!navigator.clipboard) return
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    button.hidden = false
    const word = button.firstChild!
    const before = word.textContent
    let timer: ReturnType<typeof setTimeout>
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy!)
        word.textContent = 'Copied'
      } catch {
        word.textContent = 'Could not copy'
      }
      say(word.textContent)
      clearTimeout(timer)
      timer = setTimeout(() => {
        word.textContent = before
      }, 2_000)
    })
  }
}

/** Said to those who hear the page. */
function say(words: string) {
  const status = document.querySelector('.said-aloud') ?? document.createElement('p')
  status.className = 'said-aloud unseen'
  status.setAttribute('role', 'status')
  document.body.append(status)
  status.textContent = words
}

/** A form is sent once, however often its button is pressed. */
function sendOnce() {
  addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'true'
    // A download leaves its page where it is.
    setTimeout(() => delete form.dataset.sent, 5_000)
  })
  addEventListener('pageshow', () => {
    for (const form of document.forms) delete form.dataset.sent
  })
}

/** What is asked about first closes again by Escape, and gives the focus back. */
function closeByEscape() {
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const open = (event.target as Element).closest?.<HTMLDetailsElement>('details.ask[open]')
    if (!open) return
    open.open = false
    open.querySelector('summary')!.focus()
  })
}

localise()
offerCopies()
sendOnce()
closeByEscape()
