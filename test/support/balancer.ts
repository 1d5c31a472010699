import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing, pathOf } from './debian.ts'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A real balancer in front of several nodes: HAProxy, which asks each whether it is ready, and takes turns. */
export interface Balancer {
  url: string
  /** How many nodes it thinks are well. */
  well(): Promise<number>
  stop(): Promise<void>
}

/** Starts HAProxy in front of these addresses, on a free port of the loopback interface. */
export async function startBalancer(nodes: readonly string[]): Promise<Balancer> {
  installMissing(['haproxy'])
  const folder = mkdtempSync(join(tmpdir(), 'one-captcha-balancer-'))
  const file = join(folder, 'haproxy.cfg')
  const [port, statsPort] = [await freePort(), await freePort()]
  writeFileSync(file, configuration(nodes, port, statsPort))
  const child = spawn(pathOf('haproxy'), ['-db', '-q', '-f', file], { stdio: 'inherit' })
  const ended = once(child, 'close')

  async function well(): Promise<number> {
    const stats = await fetch(`http://127.0.0.1:${statsPort}/stats;csv`).then(
      (response) => response.text(),
      () => '',
    )
    return stats.split('\n').filter((row) => /^ready,n\d+,/.test(row) && /,UP,/.test(row)).length
  }

  await until(async () => (await well()) === nodes.length, 'the balancer sees every node')
  return {
    url: `http://127.0.0.1:${port}`,
    well,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configuration(nodes: readonly string[], port: number, statsPort: number): string {
  const servers = (prefix: string) =>
    nodes
      .map(
        (url, i) => `  server ${prefix}${i} ${new URL(url).host} check inter 250ms fall 2 rise 1`,
      )
      .join('\n')
  return `
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 2s
  # A node that is gone before it has heard anything is no loss: another is asked.
  retries 2
  option redispatch 1
  retry-on conn-failure

frontend public
  bind 127.0.0.1:${port}
  # When all lack the same part, each still does what it can, and says 503 where it cannot.
  use_backend alive if { nbsrv(ready) eq 0 }
  default_backend ready

backend ready
  balance roundrobin
  option forwardfor
  option httpchk GET /readyz
  http-check expect status 200
  http-reuse never
${servers('n')}

backend alive
  balance roundrobin
  option forwardfor
  option httpchk GET /healthz
  http-check expect status 200
  http-reuse never
${servers('m')}

frontend stats
  bind 127.0.0.1:${statsPort}
  stats enable
  stats uri /stats
`
}
