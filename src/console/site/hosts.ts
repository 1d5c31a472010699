import { readHost } from '../../core/site.ts'

const SHOWN_CHARACTERS = 60

/** Reads host names as somebody types them: with blanks, commas or lines between. */
export function readHosts(text: string): { hosts: string[]; mistake: string | null } {
  const inputs = text.split(/[\s,]+/).filter(Boolean)
  if (inputs.length === 0)
    return { hosts: [], mistake: 'Please name at least one host, such as example.org.' }
  const hosts: string[] = []
  for (const input of inputs) {
    const host = readHost(input) ?? null
    if (host === null) return { hosts, mistake: mistakeIn(input) }
    hosts.push(host)
  }
  return { hosts: [...new Set(hosts)], mistake: null }
}

function mistakeIn(input: string): string {
  const shown = input.length > SHOWN_CHARACTERS ? `${input.slice(0, SHOWN_CHARACTERS)}…` : input
  // Most often somebody copies an address: the name in it is what they mean.
  const host = URL.canParse(input) ? readHost(new URL(input).hostname) : null
  return host
    ? `“${shown}” is an address. Its host name is ${host}.`
    : `“${shown}” is not a host name. Write it like example.org, *.example.org or localhost.`
}
