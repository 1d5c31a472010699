import { BadRequest } from '../core/bad-request.ts'
import { Outdated } from '../store/store.ts'
import { assertId } from './gate.ts'
import type { Manage } from './manage.ts'
import type { Parts } from './parts.ts'
import { asFieldError, assertWhole, readSettings } from './read.ts'

const DAY_MS = 86_400_000
const OVERLAP_MS_MAX = 30 * DAY_MS
/** Secrets of one site that are good at the same time. */
const SECRETS_MAX = 10
/** Buckets of time that one question about numbers may span. */
const BUCKETS_MAX = 1_500
const STEP_MS_MAX = 31 * DAY_MS
const SPAN_MS = { minute: 60_000, hour: 3_600_000 }

type Deeds = Pick<
  Manage,
  | 'sites'
  | 'allSites'
  | 'site'
  | 'addSite'
  | 'setSite'
  | 'removeSite'
  | 'suspendSite'
  | 'reinstateSite'
  | 'secrets'
  | 'rotateSecret'
  | 'endSecret'
  | 'numbers'
>

/** What can be done with sites, their secrets and their numbers. */
export function siteDeeds({ store, gate, turns, kinds, limitReached, notFound }: Parts): Deeds {
  return {
    async sites(actor) {
      gate.pass(actor, 'sites.list')
      const all = await store.members.sitesOf(actor.account.id)
      return actor.onlySite === null ? all : all.filter((one) => one.sitekey === actor.onlySite)
    },

    async allSites(actor, after, limit) {
      gate.pass(actor, 'sites.all')
      return store.sites.list({ after, limit })
    },

    async site(actor, sitekey) {
      const { site, role } = await gate.enter(actor, 'site.read', sitekey)
      return { ...site, role }
    },

    async addSite(actor, wish) {
      gate.pass(actor, 'site.add')
      const { hosts = [], ...settings } = wish
      const read = readSettings({ ...settings, hosts }, kinds)
      const owner = actor.account.id
      return turns(`sites of ${owner}`, async () => {
        await assertRoom(owner, actor.account.role === 'operator')
        try {
          const site = {
            ...read,
            hosts: read.hosts!,
            mode: read.mode ?? 'checkbox',
            owner,
          } as const
          return await store.sites.add(site, actor.by)
        } catch (error) {
          throw asFieldError(error)
        }
      })
    },

    async setSite(actor, sitekey, wish, revision) {
      const { by } = await gate.enter(actor, 'site.set', sitekey)
      const changes = readSettings(wish, kinds)
      if (Object.keys(changes).length === 0) {
        throw new BadRequest('field-invalid', 'There must be something to change.')
      }
      try {
        if (!(await store.sites.set(sitekey, changes, by, revision))) throw notFound()
      } catch (error) {
        throw error instanceof Outdated ? outdated() : asFieldError(error)
      }
    },

    async removeSite(actor, sitekey) {
      const { by } = await gate.enter(actor, 'site.remove', sitekey)
      if (!(await store.sites.remove(sitekey, by))) throw notFound()
    },

    async suspendSite(actor, sitekey) {
      const { by } = await gate.enter(actor, 'site.suspend', sitekey)
      if (!(await store.sites.setState(sitekey, 'suspended', by))) throw notFound()
    },

    async reinstateSite(actor, sitekey) {
      const { by } = await gate.enter(actor, 'site.reinstate', sitekey)
      if (!(await store.sites.setState(sitekey, 'active', by))) throw notFound()
    },

    async secrets(actor, sitekey) {
      await gate.enter(actor, 'secrets.read', sitekey)
      return store.secrets.list(sitekey)
    },

    async rotateSecret(actor, sitekey, overlapMs) {
      const { by } = await gate.enter(actor, 'secret.rotate', sitekey)
      assertWhole(overlapMs, 'overlapMs', 0, OVERLAP_MS_MAX)
      return turns(`secrets of ${sitekey}`, async () => {
        const { length } = await store.secrets.list(sitekey)
        if (overlapMs > 0 && length >= SECRETS_MAX) {
          throw limitReached(`A site has at most ${SECRETS_MAX} secrets at once. End one first.`)
        }
        const made = await store.sites.rotate(sitekey, overlapMs, by)
        if (!made) throw notFound()
        return made
      })
    },

    async endSecret(actor, sitekey, id) {
      const { by } = await gate.enter(actor, 'secret.end', sitekey)
      assertId(id)
      if (await store.secrets.end(sitekey, id, by)) return
      const there = (await store.secrets.list(sitekey)).some((secret) => secret.id === id)
      if (!there) throw notFound()
      throw new BadRequest('last-secret', 'This is the only secret. Rotate it in place of that.')
    },

    async numbers(actor, sitekey, { span, from, to, stepMs = SPAN_MS[span] }) {
      await gate.enter(actor, 'numbers.read', sitekey)
      assertWhole(from, 'from', 0, Number.MAX_SAFE_INTEGER)
      assertWhole(stepMs, 'stepMs', SPAN_MS[span], STEP_MS_MAX)
      assertWhole(to, 'to', from, from + BUCKETS_MAX * stepMs)
      return store.counts.read({ sitekeys: [sitekey], span, from, to, stepMs })
    },
  }

  /** An operator's own sites are not limited. */
  async function assertRoom(accountId: string, operator: boolean) {
    if (operator) return
    const { sitesMax } = await store.settings.read()
    const sites = await store.members.sitesOf(accountId)
    if (sites.filter(({ role }) => role === 'owner').length >= sitesMax) {
      throw limitReached(`An account can own at most ${sitesMax} sites here.`)
    }
  }
}

function outdated(): BadRequest {
  return new BadRequest(
    'revision-outdated',
    'The site was changed meanwhile. Read it again, then decide.',
    'if-match',
  )
}
