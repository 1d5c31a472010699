import { keyedHasher } from '../keys.ts'
import { type Mailer, NotSent } from '../mail/mailer.ts'
import type { Held, Store } from '../store/store.ts'
import type { Carry, Outcome } from './courier.ts'
import { htmlOf, textOf } from './letters/frame.ts'
import { letterOf } from './letters/index.ts'
import {
  ALSO_SUSPENDED,
  type LetterPlace,
  type NoticeKind,
  OPTIONAL_KINDS,
  type OptionalKind,
} from './notice.ts'
import type { WaysOut } from './way-out.ts'

/** What the letters are about that can be stopped, as their last line says it. */
export const OPTIONAL_WORDS: Record<OptionalKind, string> = {
  maintenance: 'about maintenance',
  incident: 'about incidents',
  alert: 'about what operators should look at',
}

/**
 * A name for a delivery that is the same on every node and at every try, and tells nobody whose it is: a receiving server
 * that suppresses duplicates knows by it what it has.
 */
export function deliveryNames(rootKey: Uint8Array): (held: Held) => string {
  const hash = keyedHasher(rootKey, 'delivery names')
  return ({ noticeId, channel, recipient }) =>
    hash(`${noticeId}\n${channel}\n${recipient}`).slice(0, 40)
}

/** Brings letters to a mail server. */
export function mailCarrier(tools: {
  store: Pick<Store, 'accounts' | 'mailChoices'>
  mailer: Mailer
  place: LetterPlace
  waysOut: WaysOut
  nameOf: (held: Held) => string
}): Carry {
  const { store, mailer, place, waysOut, nameOf } = tools
  const domain = new URL(place.publicUrl).hostname

  return async (held, signal) => {
    const to = await addressee(held)
    if (typeof to === 'object') return to
    const { notice } = held
    const letter = letterOf(notice, place)
    const out = wayOut(held)
    try {
      await mailer.send(
        {
          ...{ to, subject: oneLine(letter.subject) },
          text: textOf(letter, place, out),
          html: htmlOf(letter, place, out),
          messageId: `<${nameOf(held)}@${domain}>`,
          headers: out
            ? {
                'List-Unsubscribe': `<${out.url}>`,
                // One click of a mail program, without a visit (RFC 8058).
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              }
            : {},
        },
        signal,
      )
      return { is: 'sent' }
    } catch (error) {
      if (!(error instanceof NotSent)) throw error
      const is = ({ letter: 'refused', later: 'later', server: 'away' } as const)[error.fault]
      return { is, why: error.message }
    }
  }

  /** Where to, as it is now and not as it was when the notice was written. */
  async function addressee({ notice, recipient, address }: Held): Promise<string | Outcome> {
    if (address !== null) return address
    const account = await store.accounts.byId(recipient)
    if (!account || account.state === 'terminated') return drop('The account has ended.')
    if (account.state === 'suspended' && !ALSO_SUSPENDED.includes(notice.kind))
      return drop('The account is suspended.')
    if (notice.kind === 'alert' && account.role !== 'operator')
      return drop('The account is no operator’s any more.')
    if (account.email === null) return drop('The account has no address any more.')
    if (isOptional(notice.kind)) {
      const refused = await store.mailChoices.refused(recipient)
      if (refused.includes(notice.kind)) return drop('Letters of this kind are not wanted.')
    }
    return account.email
  }

  function wayOut({ notice: { kind }, recipient, address }: Held) {
    if (!isOptional(kind) || address !== null) return null
    const slip = waysOut.give({ accountId: recipient, kind })
    return { url: `${place.publicUrl}/unsubscribe?slip=${slip}`, words: OPTIONAL_WORDS[kind] }
  }
}

function isOptional(kind: NoticeKind): kind is OptionalKind {
  return (OPTIONAL_KINDS as readonly string[]).includes(kind)
}

function drop(why: string): Outcome {
  return { is: 'dropped', why }
}

/** What somebody typed may have line ends, which a header must not have. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
