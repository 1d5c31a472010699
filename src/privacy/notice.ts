import { BASES } from '../store/purposes.ts'
import { chineseSummary } from './chinese.ts'
import { basisWords, FORMS, type KeptRow, keptRows, type PrivacyFacts } from './words.ts'

/** The privacy notice, before it is a page or a text. In its words, `code` and [links](/path) are marked as in Markdown. */
export interface Notice {
  title: string
  lead: string
  sections: readonly NoticeSection[]
}

/** A part of the privacy notice, for one sort of reader. */
export interface NoticeSection {
  id: string
  title: string
  /** If it is not English. */
  lang?: string
  blocks: readonly Block[]
}

/** A paragraph, a list, or what is kept, as a table. */
export type Block =
  | string
  | { list: readonly string[] }
  | { kept: readonly KeptRow[]; folded?: true }

/** What is kept about whom, why, and for how long. Each sentence is about code in this repository, and must stay true of it. */
export function privacyNotice(facts: PrivacyFacts): Notice {
  const all = keptRows(facts)
  const of = (whose: KeptRow['whose']) =>
    all
      .filter((row) => row.whose === whose)
      // What the others belong to comes first.
      .sort((a, b) => Number(b.name === 'accounts') - Number(a.name === 'accounts'))
  const { operator, contact } = facts
  return {
    title: 'Privacy',
    lead: 'One Captcha finds out whether a browser has done some work and a puzzle is solved. Who you are does not matter for that, so it does not ask.',
    sections: [
      {
        id: 'who',
        title: 'Who answers for it',
        blocks: [
          operator
            ? `${operator} runs this service.${contact ? ` You reach them at ${contact}.` : ''}`
            : `Whoever runs this server has not put their name here.${contact ? ` You reach them at ${contact}.` : ''}`,
          'The site on which you met the widget has its own notice. This page is made from the program itself: for each field of its tables it is written down what it is for, and a field without that fails the tests. So is the [record of processing](/privacy/record.json), also as a [table](/privacy/record.csv).',
          'What is kept rests on one of these grounds:',
          {
            list: Object.entries(BASES).map(
              ([letter, { name, words }]) => `${name}: ${words} (GDPR Article 6(1)(${letter})).`,
            ),
          },
        ],
      },
      {
        id: 'visitors',
        title: 'If you are a visitor',
        blocks: [
          'You have met the widget on some page. Your address, your browser’s name, a cookie, a fingerprint of your device: none of them is written to a disk, a database or a log. Nothing is stored in your browser except its usual copies of our files, which are the same for everybody. No other company is asked about you or told about you.',
          'A challenge is handed to your browser, encrypted, and comes back with your solution; here nothing is remembered meanwhile. In it are:',
          {
            list: [
              'a random number that makes it good for one try;',
              'which site it is for, the host name of its page, and what the site says of its form;',
              'when it was made and when it ends, at most ten minutes later;',
              'how hard the work is, how many tries there were, whether it was made lighter, and where the piece belongs.',
            ],
          },
          'Once it is solved, you get a token with the random number, the site, the host name, what the site said, and the times. The site’s backend can ask us once whether it is good.',
          'Your solution is judged at once and forgotten: the work, where you put the piece, the way your pointer went. You need no pointer; the keyboard does as well.',
          'How busy your network is decides how much work there is. Its prefix, never the whole address, is turned into a short code under a random key, and challenges are counted in cells that many such codes share. The code is not kept; the key is in memory alone, also where several servers share it. Counts fade within minutes; a key is used for ten minutes and remembered for ten more, and whoever comes after that finds it gone.',
          { kept: of('visitor') },
          'Nothing in the tables is about a visitor.',
        ],
      },
      {
        id: 'accounts',
        title: 'If you have an account',
        blocks: [
          'Who runs sites may have an account: a name to log in with, which may be made up; an e-mail address only if it was given, encrypted; passwords and keys only as hashes.',
          { kept: of('account') },
        ],
      },
      ...(facts.feedback
        ? [
            {
              id: 'senders',
              title: 'If you sent feedback',
              blocks: [
                'You need no account for it and no address. What you write is encrypted, and so is an address, if you want the answer by mail; without one you read it with the code that you get.',
                { kept: of('sender') },
              ],
            },
          ]
        : []),
      {
        id: 'operators',
        title: 'If you run it',
        blocks: [
          'Operators have accounts like everybody else. What they write down about breaches is kept beside them:',
          { kept: of('operator') },
        ],
      },
      {
        id: 'rights',
        title: 'Your rights',
        blocks: [
          'You can have all of this without giving a reason:',
          {
            list: [
              'to know what is kept about you, and to have it as a file: [Account](/console/account), “Download it”;',
              'to have it put right: there too you change your login’s password and your address;',
              'to have it deleted: “Delete this account” ends it at once, on every machine. What stays is [written down](/termination);',
              'to have it used less, or to object: remove the address, say which letters you do not want, or write to the operator;',
              'to complain to the authority for data protection where you live or work, or where this service is run.',
            ],
          },
          'If you sent feedback, your code opens it, and the operator deletes it when you ask. If you are a visitor, there is nothing by which we could find you, and so nothing to show or to delete (GDPR Article 11).',
          'Whether a solution passes is decided by a program, from the solution alone. It decides nothing else about you; a site that will not let you in has to offer another way.',
        ],
      },
      {
        id: 'others',
        title: 'Who else gets it',
        blocks: [
          'Nobody, but where you have it sent yourself: a mail server brings you your letters, and webhooks go where you point them. The program sends nothing anywhere else, to no country.',
          'What stands in front of this server, such as a proxy, may keep a log of its own, and the machine may be somebody else’s: ask the operator. What went wrong before is told [in public](/breaches). A site that embeds One Captcha in the way of its first version gets a cookie on its own pages, `OneCaptchaToken`, with a hash of the token, for as long as that site says.',
        ],
      },
      {
        id: 'rest',
        title: 'What is kept and is nobody’s',
        blocks: ['So that the list is whole.', { kept: of('nobody'), folded: true }],
      },
      chineseSummary(facts),
    ],
  }
}

/** The notice as Markdown: the same words as the page, and the same bytes wherever it is asked for. */
export function privacyMarkdown(facts: PrivacyFacts): string {
  const { title, lead, sections } = privacyNotice(facts)
  const parts = sections.flatMap((section) => [`## ${section.title}`, ...section.blocks.map(block)])
  return `${[`# ${title}`, lead, ...parts].join('\n\n')}\n`
}

function block(one: Block): string {
  if (typeof one === 'string') return one
  if ('list' in one) return one.list.map((item) => `- ${item}`).join('\n')
  return one.kept.map((row) => `- **${row.what}.** ${detailsOf(row).join(' ')}`).join('\n')
}

/** All that is said of something that is kept, in sentences. */
function detailsOf({ why, basis, parts, long }: KeptRow): string[] {
  return [
    why,
    ...(basis ? [`Basis: ${basisWords(basis)}.`] : []),
    ...parts.map(({ form, words }) => `Kept ${FORMS[form]}: ${words.join('; ')}.`),
    `How long: ${long}.`,
  ]
}
