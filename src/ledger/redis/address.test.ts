import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { readAddress } from './address.ts'

describe('the address of a Redis', () => {
  it('is one server, with or without TLS, a user, a database', () => {
    assert.partialDeepStrictEqual(readAddress('redis://localhost'), {
      way: 'single',
      hosts: [{ host: 'localhost', port: 6379 }],
      common: { db: 0 },
    })
    const full = readAddress('rediss://me:p%40ss%3A%2Fword@[2001:db8::1]:7000/3')
    assert.deepEqual(full.hosts, [{ host: '2001:db8::1', port: 7000 }])
    assert.deepEqual(full.common, { username: 'me', password: 'p@ss:/word', db: 3, tls: {} })
    assert.equal(readAddress('redis://:word@h').common.password, 'word')
  })

  it('is a name that Sentinels know, or some servers of a cluster', () => {
    const { way, hosts, master, common } = readAddress(
      'redis+sentinel://me:word@a:1,b,[::1]:3/main?tls=on&sentinelPassword=other&db=2',
    )
    assert.deepEqual([way, master], ['sentinel', 'main'])
    assert.deepEqual(
      hosts.map(({ host, port }) => `${host} ${port}`),
      ['a 1', 'b 26379', '::1 3'],
    )
    assert.partialDeepStrictEqual(common, { sentinelPassword: 'other', db: 2, tls: {} })
    assert.equal(common.enableTLSForSentinelMode, true)
    const cluster = readAddress('redis+cluster://a:1,b:2')
    assert.deepEqual(
      [cluster.way, cluster.hosts.length, cluster.common.tls],
      ['cluster', 2, undefined],
    )
  })

  it('is refused if it is none, without a word of what was in it', () => {
    for (const wrong of [
      'redis://',
      'http://hush:hush@h',
      'redis://hush:hush@h:99999999',
      'redis://hush:hush@a,b',
      'redis://hush:hush@h/hush',
      'redis://hush:%hush@h',
      'redis://hush:hush@h?hush=hush',
      'redis+sentinel://hush:hush@h',
      'redis+cluster://hush:hush@h/1',
    ]) {
      assert.throws(
        () => readAddress(wrong),
        (error: Error) => {
          assert.match(error.message, /^ONE_CAPTCHA_REDIS_URL /)
          assert.doesNotMatch(error.message, /hush/)
          return true
        },
      )
    }
  })
})
