import { describe, expect, it } from 'vitest'
import { readHosts } from './hosts.ts'

describe('host names', () => {
  it('are read with blanks, commas or lines between, each once', () => {
    const { hosts, mistake } = readHosts(' Example.org, *.example.org\n\nlocalhost\texample.org ')
    expect(hosts).toEqual(['example.org', '*.example.org', 'localhost'])
    expect(mistake).toBeNull()
  })

  it.each([
    ['', 'at least one'],
    ['https://example.org/form', 'Its host name is example.org'],
    ['exa mple.org ..', '“..” is not a host name'],
    ['*.org', '“*.org” is not a host name'],
    ['a'.repeat(300), '…” is not a host name'],
  ])('tell what is wrong with them: %j', (text, words) => {
    expect(readHosts(text).mistake).toContain(words)
  })
})
