import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { parse } from 'yaml'
import { succeed } from '../sdk/home.ts'
import { pathOf } from '../support/debian.ts'
import { freePort } from '../support/free-port.ts'
import { startRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { type Block, placeOf } from './blocks.ts'
import type { Session } from './session.ts'

/** Starts HAProxy with what is shown, in front of the service, and asks the service through it. */
export async function runHaproxy(block: Block, session: Session) {
  const certificate = join(session.home, 'captcha.pem')
  const key = join(session.home, 'key.pem')
  const subject = ['-subj', '/CN=captcha.example.org', '-days', '2', '-nodes']
  succeed(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', certificate, ...subject],
    session.home,
  )
  writeFileSync(certificate, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
  const port = await freePort()
  const text = block.text
    .replaceAll('/etc/ssl/captcha.pem', certificate)
    .replaceAll(/bind :443/g, `bind 127.0.0.1:${port}`)
    .replaceAll(/10\.0\.0\.\d+:8787/g, new URL(session.place.url).host)
  const file = join(session.home, 'haproxy.cfg')
  writeFileSync(file, `${text}\n`)
  succeed(pathOf('haproxy')!, ['-c', '-f', file], session.home)
  const child = spawn(pathOf('haproxy')!, ['-db', '-q', '-f', file], { stdio: 'inherit' })
  const ended = once(child, 'close')
  try {
    const through = () => ask(port, '/openapi.json').catch(() => 0)
    await until(async () => (await through()) === 200, `${placeOf(block)} leads to the service`)
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

function ask(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, rejectUnauthorized: false }
    const asked = request(options, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    asked.on('error', reject).end()
  })
}

/** Has a real Redis do what is shown. */
export async function runRedis(block: Block) {
  const redis = await startRedis()
  try {
    for (const line of block.text.split('\n')) {
      const answer = redis.ask(...line.split(' '))
      assert.equal(answer.trim(), 'OK', `${placeOf(block)} is answered with ${answer}`)
    }
  } finally {
    await redis.close()
  }
}

/** Prometheus' files: what they are made of, and that every metric which they name is one of the service's. */
export async function runYaml(block: Block, session: Session) {
  const { groups = [], scrape_configs: jobs = [] } = parse(block.text) as {
    groups?: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[]
    scrape_configs?: { job_name: string; static_configs: { targets: string[] }[] }[]
  }
  const rules = groups.flatMap((group) => group.rules)
  assert.ok(rules.length + jobs.length > 0, `${placeOf(block)}: neither rules nor jobs`)
  const metrics = await (await fetch(`${session.place.url}/metrics`)).text()
  for (const { alert, expr, annotations } of rules) {
    assert.ok(alert && annotations.summary, placeOf(block))
    for (const [name] of expr.matchAll(/one_captcha_\w+/g)) {
      assert.ok(metrics.includes(name), `${placeOf(block)}: ${name} is no metric`)
    }
  }
  for (const { static_configs: hosts } of jobs) {
    for (const target of hosts.flatMap((one) => one.targets)) assert.match(target, /^[\w.]+:\d+$/)
  }
}
