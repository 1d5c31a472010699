import { LedgerUnavailable } from '../ledger.ts'

/** What a Redis says of itself, as far as it matters. */
export interface Info {
  /**
   * Who holds the memory: a process (it gets a new name with each start) and the history of its data (it gets a new name
   * with each promotion). What another holder has written may not be all that was.
   */
  holder: string
  /** The second half of `holder`. */
  replication: string
  replica: boolean
  loading: boolean
  cluster: boolean
  /** What it does when its memory is full; '' while nothing limits it. */
  eviction: string
}

/** Each of two names of 40 hexadecimal digits: half of them tell them apart. */
const NAME_LENGTH = 20

/** Reads the answer to INFO. */
export function readInfo(text: string): Info {
  const fields = new Map(text.split('\r\n').map((line) => line.split(':', 2) as [string, string]))
  const field = (name: string) => fields.get(name) ?? ''
  const replication = field('master_replid').slice(0, NAME_LENGTH)
  return {
    holder: field('run_id').slice(0, NAME_LENGTH) + replication,
    replication,
    replica: field('role') !== 'master',
    loading: field('loading') === '1',
    cluster: field('cluster_enabled') === '1',
    eviction: field('maxmemory') === '0' ? '' : field('maxmemory_policy'),
  }
}

/** Throws `LedgerUnavailable` if this Redis cannot be trusted to remember. */
export function assertFit({ holder, replica, loading, eviction }: Info): void {
  if (loading) throw new LedgerUnavailable('it is still reading its data')
  if (replica) throw new LedgerUnavailable('this is a replica, not the master')
  if (holder.length !== 2 * NAME_LENGTH) {
    throw new LedgerUnavailable('it does not say who it is (INFO lacks run_id or master_replid)')
  }
  // It would make room by forgetting what was spent.
  if (eviction !== '' && eviction !== 'noeviction') {
    throw new LedgerUnavailable(`maxmemory-policy is ${eviction}, and must be noeviction`)
  }
}
