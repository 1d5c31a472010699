const SAID_MS = 2_000

/** Puts a button on each example that copies it. */
export function addCopyButtons() {
  if (!navigator.clipboard) return
  for (const example of document.querySelectorAll<HTMLElement>('.example')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy quiet'
    button.textContent = 'Copy'
    button.addEventListener('click', () => void copy(example, button))
    // Before the code, whose first lines then leave it its place.
    example.querySelector('pre')!.prepend(button)
  }
}

async function copy(example: HTMLElement, button: HTMLButtonElement) {
  const text = example.querySelector('code')!.textContent
  const copied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  button.textContent = copied ? 'Copied' : 'Not copied'
  setTimeout(() => (button.textContent = 'Copy'), SAID_MS)
}
