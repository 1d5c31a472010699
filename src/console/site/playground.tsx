import { allowsHost } from '../../core/site.ts'
import type { SiteView } from '../../manage/manage.ts'
import { LANGUAGES } from '../../widget/language.ts'
import { playgroundScript } from '../assets.ts'
import { page, type Scope } from '../http.tsx'
import { Callout, Card, Copyable } from '../parts.tsx'
import { useVisit, type Visit } from '../visit.ts'
import { nameOf } from '../words.ts'
import { SiteFrame, siteOf } from './frame.tsx'

const TEST_KEYS = {
  'oc-test-pass': 'Test key: always passes',
  'oc-test-interactive': 'Test key: always a puzzle, takes any answer',
  'oc-test-block': 'Test key: never passes',
}

/** Every attribute of the widget, and what each may be. Nothing else from the address reaches the page. */
const CHOICES = {
  theme: ['', 'auto', 'light', 'dark'],
  size: ['', 'normal', 'compact', 'flexible', 'invisible'],
  mode: ['', 'invisible'],
  lang: ['', ...LANGUAGES],
  start: ['', 'touch', 'load', 'sight', 'click'],
  kind: ['', 'pow'],
  renew: ['', 'never'],
  guard: ['', 'off', 'open'],
  // Made-up ones: an address from the address would be a link to anywhere, on a page of ours.
  terms: ['', 'https://example.org/terms'],
  privacy: ['', 'https://example.org/privacy'],
} as const

const TEXTS = {
  action: { pattern: /^[\w./-]{0,64}$/, hint: 'up to 64 letters, digits, _ . / -' },
  cdata: { pattern: /^[\x20-\x7e]{0,255}$/, hint: 'up to 255 plain characters' },
} as const

const FLAGS = ['required'] as const

interface Wish {
  sitekey: string
  attributes: [name: string, value: string][]
}

/** The real widget with every option, and what it tells its page. */
export function playgroundPage(scope: Scope) {
  page(scope, '/sites/:sitekey/playground', {
    get: async (visit) => {
      const site = await siteOf(visit)
      const wish = readWish(visit, site)
      return <Playground site={site} wish={wish} />
    },
  })
}

function readWish(visit: Visit, site: SiteView): Wish {
  const { query, context, request } = visit
  const here = allowsHost(site, request.hostname)
  const isTest = Object.hasOwn(TEST_KEYS, query('sitekey')) && context.config.testKeys
  // Where this page is not one of the site's, its own key would only be refused.
  const fallback = here || !context.config.testKeys ? site.sitekey : 'oc-test-pass'
  const asked = query('sitekey') === site.sitekey ? site.sitekey : fallback
  const attributes: [string, string][] = []
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = query(name)
    if (value !== '' && (choices as readonly string[]).includes(value))
      attributes.push([name, value])
  }
  for (const [name, { pattern }] of Object.entries(TEXTS)) {
    const value = query(name)
    if (value !== '' && pattern.test(value)) attributes.push([name, value])
  }
  for (const name of FLAGS) if (query(name) === 'on') attributes.push([name, ''])
  return { sitekey: isTest ? query('sitekey') : asked, attributes }
}

function Playground({ site, wish }: { site: SiteView; wish: Wish }) {
  const { context, request } = useVisit()
  const host = request.hostname
  const code = elementOf(wish)
  return (
    <SiteFrame
      site={site}
      tab="/playground"
      scripts={[{ path: '/v1/widget.js' }, playgroundScript]}
    >
      {!allowsHost(site, host) && (
        <Callout kind="info">
          This page is on <strong>{host}</strong>, which is not one of the site’s host names. Its
          own sitekey is refused here, as it should be;{' '}
          {context.config.testKeys
            ? 'a test key shows the same widget.'
            : 'add the host name for a while to try it.'}
        </Callout>
      )}
      <div class="two">
        <Card title="The widget">
          <form id="try" class="try" data-try>
            <one-captcha
              id="widget"
              sitekey={wish.sitekey}
              {...Object.fromEntries(wish.attributes.map(([name, value]) => [name, value || true]))}
            />
            <noscript>
              <p class="hint">The widget itself needs JavaScript, and it is off here.</p>
            </noscript>
            <div class="row">
              <button type="button" class="quiet small" data-do="execute" hidden>
                Get a token
              </button>
              <button type="button" class="quiet small" data-do="reset" hidden>
                Reset
              </button>
            </div>
          </form>
          <h3 id="events">What it tells its page</h3>
          <ol class="events" aria-labelledby="events" data-events>
            <li class="hint" data-none>
              Nothing yet.
            </li>
          </ol>
        </Card>
        <Card title="Its attributes">
          <Options site={site} wish={wish} />
        </Card>
      </div>
      <Card title="As HTML">
        <Copyable block text={code} label="the element" />
      </Card>
    </SiteFrame>
  )
}

function Options({ site, wish }: { site: SiteView; wish: Wish }) {
  const { context, url } = useVisit()
  const chosen = new Map(wish.attributes)
  const keys = [
    [site.sitekey, nameOf(site)] as const,
    ...(context.config.testKeys ? Object.entries(TEST_KEYS) : []),
  ]
  return (
    <form method="get" action={url.split('?')[0]} class="options">
      <div class="field wide">
        <label for="sitekey">sitekey</label>
        <select id="sitekey" name="sitekey">
          {keys.map(([key, words]) => (
            <option value={key} selected={key === wish.sitekey}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {Object.entries(CHOICES).map(([name, choices]) => (
        <div class="field">
          <label for={name}>{name}</label>
          <select id={name} name={name}>
            {choices.map((value) => (
              <option value={value} selected={value === (chosen.get(name) ?? '')}>
                {value || 'as it is'}
              </option>
            ))}
          </select>
        </div>
      ))}
      {Object.entries(TEXTS).map(([name, { hint }]) => (
        <div class="field wide">
          <label for={name}>{name}</label>
          <p class="hint" id={`${name}-hint`}>
            {hint}
          </p>
          <input
            id={name}
            name={name}
            type="text"
            value={chosen.get(name) ?? ''}
            aria-describedby={`${name}-hint`}
            autocomplete="off"
            spellcheck={false}
          />
        </div>
      ))}
      {FLAGS.map((name) => (
        <label class="choice wide">
          <input type="checkbox" name={name} checked={chosen.has(name)} />
          <span>{name}</span>
        </label>
      ))}
      <button type="submit" class="wide">
        Show it so
      </button>
    </form>
  )
}

/** The element as somebody would write it. */
function elementOf({ sitekey, attributes }: Wish): string {
  const quote = (value: string) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  const parts = [['sitekey', sitekey] as const, ...attributes].map(([name, value]) =>
    value === '' ? name : `${name}="${quote(value)}"`,
  )
  return `<one-captcha ${parts.join(' ')}></one-captcha>`
}
