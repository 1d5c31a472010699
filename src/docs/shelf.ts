/** Documents that stand together. */
export interface Group {
  title: string
  /** The name of each in `docs/`, without `.md`; what it is called on the shelf and in links; what it is about. */
  documents: readonly (readonly [name: string, label: string, about: string])[]
}

/** The page that is made of the OpenAPI document: it stands among the others, though no file of `docs/` has its name. */
export const API = 'api'

/** All documents, in the order in which one would read them. A new file of `docs/` gets its line here. */
export const SHELF: readonly Group[] = [
  {
    title: 'Start',
    documents: [
      ['start', 'Begin here', 'From nothing to a guarded form, in five minutes.'],
      ['faq', 'Questions', 'What people ask first, and honest answers.'],
    ],
  },
  {
    title: 'Put it on a page',
    documents: [
      [
        'embedding',
        'The widget on a page',
        'Attributes, events, forms, where and when it is shown, values of one call, no JavaScript, content policies.',
      ],
      [
        'looks',
        'How it looks',
        'Sizes, light and dark, appearances and panels, and languages of four scripts.',
      ],
    ],
  },
  {
    title: 'On your server',
    documents: [
      ['sdk', 'In your code', 'JavaScript: verify, backend frameworks, components.'],
      [
        'backends',
        'In your backend',
        'A few lines to copy: PHP, Python, Ruby, Go, Java, C#, Node and curl.',
      ],
      ['errors', 'Every error', 'What each code means, and what to do.'],
      ['protocol', 'The protocol', 'The three requests, and what they answer.'],
      [API, 'The API', 'Every call, with what it takes and answers, and a way to try it.'],
      ['management', 'The management API', 'All that the console can, over HTTP, with a key.'],
    ],
  },
  {
    title: 'Moving from another CAPTCHA',
    documents: [
      [
        'moving',
        'Two addresses and two keys',
        'From reCAPTCHA, hCaptcha or Turnstile, with the code that is there.',
      ],
      [
        'moving-others',
        'Another element, another call',
        'From Cap, ALTCHA or Friendly Captcha, side by side.',
      ],
    ],
  },
  {
    title: 'People',
    documents: [
      [
        'accessibility',
        'Accessibility',
        'How everyone gets through, criterion by criterion, and what is not known.',
      ],
      ['privacy', 'Privacy', 'What is kept, why and for how long; the record of processing.'],
      ['feedback', 'Feedback', 'What people tell you, and how you answer.'],
    ],
  },
  {
    title: 'Running it',
    documents: [
      [
        'operations',
        'Running One Captcha',
        'From the first start to many machines: backup, restore, upgrades, the doctor.',
      ],
      ['settings', 'Settings', 'Every setting and its default, and each site’s own.'],
      ['console', 'The console', 'Accounts, roles, secrets, numbers; what is revoked, and when.'],
      ['monitoring', 'Monitoring', 'Metrics, logs, a dashboard, alarms.'],
      [
        'scaling',
        'Several nodes',
        'PostgreSQL and Redis: what is lost when something fails, and what is not.',
      ],
      ['status', 'Status and maintenance', 'The status page, maintenance and incidents.'],
      ['notices', 'Notices', 'What account holders are told, by letters and webhooks, each once.'],
      ['terms', 'The Terms', 'Their versions: reading, verifying, writing and announcing them.'],
      ['breaches', 'Breaches', 'What to do when data was lost, step by step.'],
      ['licenses', 'Licences', 'What the software is made of.'],
    ],
  },
  {
    title: 'How it works',
    documents: [
      ['security', 'What is defended', 'What holds, measured, and what does not.'],
      [
        'pressure',
        'Effort and pressure',
        'How work follows the pressure, and what that does to visitors and robots.',
      ],
      [
        'economics',
        'What a token costs',
        'What a thousand tokens cost an attacker, and what work cannot do.',
      ],
      ['benchmarks', 'Benchmarks', 'Speed and size, beside the peers’.'],
    ],
  },
  {
    title: 'Contributing',
    documents: [
      ['style', 'How it is written', 'The folders, the words, the shape of the code.'],
      ['adding-a-kind', 'Adding a kind', 'A new puzzle in one folder and two lines.'],
      ['translating', 'The widget’s languages', 'To correct a language, or to add one.'],
    ],
  },
]

/** One after the other. */
const ROW = SHELF.flatMap(({ title, documents }) =>
  documents.map(([name, label, about]) => ({ group: title, name, label, about })),
)

/** The names of all documents that are files, in the order of the shelf. */
export const NAMES: readonly string[] = ROW.map(({ name }) => name).filter((name) => name !== API)

const LABELS: ReadonlyMap<string, string> = new Map(ROW.map(({ name, label }) => [name, label]))

/** What a document is called; undefined if there is none of that name. */
export function labelOf(name: string): string | undefined {
  return LABELS.get(name)
}

/** Where a document is to be read. */
export function pathOf(name: string): string {
  return `/docs/${name}`
}

/** A document's group, what it is about, and its neighbours. */
export function placeOf(name: string) {
  const at = ROW.findIndex((one) => one.name === name)
  return { ...ROW[at]!, before: ROW[at - 1], after: ROW[at + 1] }
}
