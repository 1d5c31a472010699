import { connect } from 'node:net'

export interface Flood {
  /** Where the service listens. */
  service: string
  sitekey: string
  origin: string
  count: number
  connections?: number
  /** Requests sent ahead of their answers, per connection. */
  depth?: number
}

/** Asks for challenges and never answers one, as fast as the service gives them. Returns how many it gave. */
export async function flood({ connections = 8, ...order }: Flood): Promise<number> {
  const share = Math.ceil(order.count / connections)
  const given = await Promise.all(
    Array.from({ length: connections }, () => floodByOne({ ...order, count: share })),
  )
  return given.reduce((sum, one) => sum + one, 0)
}

const ANSWER = Buffer.from('HTTP/1.1 ')
const GOOD = Buffer.from('HTTP/1.1 200')

function floodByOne({ service, sitekey, origin, count, depth = 32 }: Flood): Promise<number> {
  const { hostname, port } = new URL(service)
  const body = JSON.stringify({ sitekey })
  const request = [
    'POST /v1/challenges HTTP/1.1',
    `Host: ${hostname}:${port}`,
    `Origin: ${origin}`,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let sent = 0
    let answered = 0
    let good = 0
    let rest = Buffer.alloc(0)
    const send = (more: number) => {
      const now = Math.min(more, count - sent)
      sent += now
      if (now > 0) socket.write(request.repeat(now))
    }
    socket.on('connect', () => send(depth))
    socket.on('error', reject)
    socket.on('close', () => (answered < count ? reject(new Error('It hung up.')) : resolve(good)))
    socket.on('data', (chunk) => {
      const bytes = Buffer.concat([rest, chunk])
      let came = 0
      let end = 0
      for (let at = bytes.indexOf(ANSWER); at >= 0; at = bytes.indexOf(ANSWER, end)) {
        if (at + GOOD.length > bytes.length) break
        if (bytes.compare(GOOD, 0, GOOD.length, at, at + GOOD.length) === 0) good++
        came++
        end = at + GOOD.length
      }
      // A status line may lie across two chunks.
      rest = Buffer.from(bytes.subarray(Math.max(end, bytes.length - GOOD.length)))
      answered += came
      if (answered >= count) socket.end()
      else send(came)
    })
  })
}
