import { callbackNamed } from '../callback.ts'
import type { OneCaptcha } from '../element.ts'

/** Options of a call, under their vendor's names. */
export type Options = Record<string, unknown>

/** A widget that a page put in place in another CAPTCHA's way. */
export interface Mounted {
  element: OneCaptcha
  /** What the page said of it. */
  read(name: string): unknown
  /** Calls a callback of the page, if there is one. */
  call(name: string, ...values: unknown[]): void
  /** When the element is in the page and alive. */
  ready: Promise<unknown>
  /** Forgets the token, also in the page's fields, and whatever goes on. */
  reset(): void
  /** Gives a token of this call's own: one that was there before is forgotten. */
  execute(): Promise<string>
}

interface Mounting {
  /** What our element is to be told, by its attributes' names. */
  attributes: Record<string, unknown>
  /** Names of the fields that the form sends. */
  fields: readonly string[]
}

/** What a page says of a widget: by a call, or by the container's `data-` attributes, which a call may leave to say the rest. */
export function readerOf(container: Element, options: Options | null) {
  return (name: string): unknown =>
    options?.[name] ?? container.getAttribute(`data-${name.toLowerCase()}`) ?? undefined
}

/** The containers in the page that have no widget yet. */
export function emptyPlaces(selector: string): Element[] {
  return [...document.querySelectorAll(selector)].filter(
    (place) => !place.querySelector('one-captcha'),
  )
}

/**
 * Finds a container in the page; or a button, whose press is the tick, and beside which the widget stands unseen.
 *
 * @param add puts a widget in place, and names it
 * @param press what a press of the button does with it
 */
export function adopt<Id>(
  place: Element,
  add: (place: Element, read: Mounted['read']) => Id,
  press: (id: Id) => unknown,
): void {
  const read = readerOf(place, null)
  if (!place.matches('button, input[type=submit], input[type=button]')) {
    add(place, read)
    return
  }
  const beside = document.createElement('div')
  place.after(beside)
  const id = add(beside, (name) => (name === 'size' ? 'invisible' : read(name)))
  place.addEventListener('click', (event) => {
    event.preventDefault()
    press(id)
  })
}

/** Puts our element into a container. It comes to life when the widget is there, and may be asked before. */
export function mount(
  container: Element,
  read: Mounted['read'],
  { attributes, fields }: Mounting,
): Mounted {
  const element = document.createElement('one-captcha') as OneCaptcha
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== '')
      element.setAttribute(name, String(value))
  }
  // Where theirs have no box, their puzzles stand in the middle of the window.
  if (attributes.size === 'invisible') element.setAttribute('panel', 'overlay')
  // The fields are the vendor's, so ours has no name. And as pages send their forms from callbacks, none is called twice.
  element.setAttribute('name', '')
  element.setAttribute('renew', 'never')
  // Theirs hold no form: their pages send it when they are called back, or tell their visitors to tick the box.
  element.setAttribute('guard', 'off')
  const ready = new Promise((resolve) => element.addEventListener('ready', resolve, { once: true }))
  const inputs = fields.map((name) => fieldNamed(name))
  const put = (token: string) => {
    for (const input of inputs) input.value = token
  }
  on(element, 'verified', ({ token }) => put(token!))
  on(element, 'expired', () => put(''))
  container.append(element, ...inputs)
  element.closest('form')?.addEventListener('reset', () => put(''))
  const reset = () => {
    // It may not be alive yet.
    element.reset?.()
    put('')
  }
  return {
    element,
    read,
    call(name, ...values) {
      const option = read(name)
      const callback = typeof option === 'function' ? option : callbackNamed(option as string)
      callback?.(...values)
    },
    ready,
    reset,
    async execute() {
      await ready
      if (element.getResponse()) reset()
      return element.execute()
    },
  }
}

export function on(
  element: Element,
  type: string,
  listener: (detail: Record<string, string | undefined>) => void,
) {
  element.addEventListener(type, (event) => listener((event as CustomEvent).detail ?? {}))
}

/** A field that pages may look for by its name or id; the second one's id has a number, as theirs have. */
function fieldNamed(name: string): HTMLTextAreaElement {
  const field = document.createElement('textarea')
  const before = document.querySelectorAll(`textarea[name="${CSS.escape(name)}"]`).length
  field.name = name
  field.id = before ? `${name}-${before}` : name
  field.hidden = true
  return field
}

/** The element that a page names: itself, its id, or a selector. */
export function placeOf(container: unknown, vendor: string): Element {
  const place =
    typeof container === 'string'
      ? (document.getElementById(container) ?? document.querySelector(container))
      : container
  if (!(place instanceof Element)) throw new Error(`${vendor}: there is no such container.`)
  return place
}

/** Calls back once the page stands. */
export function whenParsed(then: () => void) {
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', then, { once: true })
  else queueMicrotask(then)
}

/**
 * Puts a vendor's name into the page, also where an element of that name is; and where the page prepared something there,
 * such as a list of what to call back, keeps that.
 */
export function define(name: string, value: object) {
  const former = Object.getOwnPropertyDescriptor(window, name)?.value
  Object.defineProperty(window, name, {
    value: typeof former === 'object' && former ? Object.assign(former, value) : value,
    configurable: true,
    writable: true,
  })
}
