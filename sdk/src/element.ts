/** The attributes of `<one-captcha>`. */
export interface OneCaptchaAttributes {
  /** The site's public key. May be left out where exactly one site lists the page's host name. */
  sitekey?: string | undefined
  /** What the visitor is about to do; comes back from `verify`. */
  action?: string | undefined
  /** Up to 255 printable ASCII characters of yours; come back from `verify`. */
  cdata?: string | undefined
  /** `pow`: never a puzzle, and longer work in its place. */
  kind?: 'pow' | undefined
  /** How long a token shall live, in milliseconds: 15,000 to 600,000, and not longer than the site allows. */
  time?: number | string | undefined
  theme?: 'auto' | 'light' | 'dark' | undefined
  size?: 'normal' | 'compact' | 'flexible' | 'invisible' | undefined
  /** When there is something to see. Read when the element comes into the page. */
  appearance?: 'always' | 'interaction-only' | 'floating' | undefined
  /** Where a puzzle stands. Read when the element comes into the page. */
  panel?: 'beside' | 'overlay' | 'inline' | undefined
  /** A language; otherwise the page's, otherwise the browser's. */
  lang?: string | undefined
  /** When work begins. */
  start?: 'touch' | 'load' | 'sight' | 'click' | undefined
  /** `never`: a token that ends is not renewed quietly. */
  renew?: 'never' | undefined
  /** `off`: the form is not held until there is a token; `open`: it may go without where the service cannot help. */
  guard?: 'off' | 'open' | undefined
  /** The name of the form's field. */
  name?: string | undefined
  /** Addresses of the small links; empty for none. */
  terms?: string | undefined
  privacy?: string | undefined
}

/** What happens at the element. The events do not bubble. */
export interface OneCaptchaEvents {
  ready: Event
  open: Event
  close: Event
  verified: CustomEvent<{ token: string; renewed: boolean }>
  expired: Event
  error: CustomEvent<{ code: string }>
  recovered: Event
}

/** `<one-captcha>`. Before the script has come, it is an element without these methods. */
export interface OneCaptchaElement extends HTMLElement {
  /**
   * Does what a tick does, and gives the token.
   *
   * @param values what is bound into this one call's token, in place of the element's own
   */
  execute(values?: {
    action?: string | null | undefined
    cdata?: string | null | undefined
  }): Promise<string>
  /** Forgets the token, and whatever goes on. */
  reset(): void
  /** The token while it is good; otherwise ''. */
  getResponse(): string
  /** Gets a token if that needs nobody; otherwise the box waits for its tick. */
  attempt(): Promise<void>
  /** When the token ends, in epoch milliseconds; 0 without one. */
  readonly tokenEndsAt: number
}

/** What the components call: one for each event. */
export interface OneCaptchaCallbacks {
  onReady?: (() => void) | undefined
  onOpen?: (() => void) | undefined
  onClose?: (() => void) | undefined
  onVerified?: ((token: string) => void) | undefined
  onExpired?: (() => void) | undefined
  onError?: ((code: string) => void) | undefined
  onRecovered?: (() => void) | undefined
}

/** All that the components take. */
export interface OneCaptchaProps extends OneCaptchaAttributes, OneCaptchaCallbacks {
  /** Where the service is: its script is then loaded. Leave it out where the page has the script itself. */
  service?: string | undefined
  /** The nonce of the page's Content Security Policy. */
  nonce?: string | undefined
  /** The box has to be ticked by hand before the form is sent, as the browser then says. */
  required?: boolean | undefined
}

declare global {
  interface HTMLElementTagNameMap {
    'one-captcha': OneCaptchaElement
  }
}

export interface LoadOptions {
  /** The nonce of the page's Content Security Policy. Not needed where `script-src` names the service. */
  nonce?: string | undefined
  /** Where the page requires Trusted Types: makes a `TrustedScriptURL` of the address, with a policy of the page's own. */
  trust?: ((address: string) => unknown) | undefined
}

/**
 * Loads the widget's script, once for each page however often it is asked for, and resolves when the element works. It
 * rejects when the script cannot be had, and can then be called again. On a server it does nothing.
 */
export async function loadWidget(service: string | URL, options: LoadOptions = {}): Promise<void> {
  if (typeof document === 'undefined' || customElements.get('one-captcha')) return
  const address = `${String(service).replace(/\/+$/, '')}/v1/widget.js`
  const script = scriptOf(address) ?? addScript(address, options)
  await new Promise<unknown>((resolve, reject) => {
    customElements.whenDefined('one-captcha').then(resolve, reject)
    script.addEventListener(
      'error',
      () => {
        // So that the next call tries again.
        script.remove()
        reject(new Error('The script of One Captcha could not be loaded.'))
      },
      { once: true },
    )
  })
}

/** The page itself is the memory: whatever has put the script there, it is found. */
function scriptOf(address: string): HTMLScriptElement | undefined {
  const { href } = new URL(address, document.baseURI)
  return [...document.scripts].find((script) => script.src.split(/[?#]/)[0] === href)
}

function addScript(address: string, { nonce, trust }: LoadOptions): HTMLScriptElement {
  const script = document.createElement('script')
  if (nonce) script.nonce = nonce
  script.async = true
  script.src = (trust?.(address) ?? address) as string
  document.head.append(script)
  return script
}

const EVENTS = {
  ready: 'onReady',
  open: 'onOpen',
  close: 'onClose',
  verified: 'onVerified',
  expired: 'onExpired',
  error: 'onError',
  recovered: 'onRecovered',
} as const

/**
 * Listens at an element, and gives back how to stop.
 *
 * @param callbacks looked up anew with every event, so that they may change
 */
export function listen(element: HTMLElement, callbacks: () => OneCaptchaCallbacks): () => void {
  const life = new AbortController()
  for (const [type, name] of Object.entries(EVENTS)) {
    const tell = (event: Event) => {
      const detail = (event as CustomEvent).detail ?? {}
      const told = type === 'verified' ? detail.token : type === 'error' ? detail.code : undefined
      ;(callbacks()[name] as ((told?: string) => void) | undefined)?.(told ?? '')
    }
    element.addEventListener(type, tell, { signal: life.signal })
  }
  return () => life.abort()
}

const ATTRIBUTES = [
  'sitekey',
  'action',
  'cdata',
  'kind',
  'time',
  'theme',
  'size',
  'appearance',
  'panel',
  'lang',
  'start',
  'renew',
  'guard',
  'name',
  'terms',
  'privacy',
] as const

/** The element's attributes among a component's props. */
export function attributesOf(props: OneCaptchaProps): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const name of ATTRIBUTES) {
    const value = props[name]
    if (value !== undefined) attributes[name] = String(value)
  }
  if (props.required) attributes.required = ''
  return attributes
}

/** For the components: loads the script if an address is given; that it did not come is told as the widget tells it. */
export function bring(props: OneCaptchaProps): void {
  if (!props.service) return
  loadWidget(props.service, { nonce: props.nonce }).catch(() => props.onError?.('network-error'))
}
