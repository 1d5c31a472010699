import { connect } from 'node:net'

export interface Flood {
  /** Where the service listens. */
  service: string
  path: string
  origin: string
  /** The body of each request, by its number. */
  body(i: number): string
  count: number
  connections?: number
  /** Requests sent ahead of their answers, per connection. */
  depth?: number
}

/** Sends requests as fast as the service answers them. Returns how many were answered with 200. */
export async function flood({ connections = 8, ...order }: Flood): Promise<number> {
  const share = Math.ceil(order.count / connections)
  const given = await Promise.all(
    Array.from({ length: connections }, (_, c) =>
      floodByOne({ ...order, count: share, body: (i) => order.body(c * share + i) }),
    ),
  )
  return given.reduce((sum, one) => sum + one, 0)
}

const ANSWER = Buffer.from('HTTP/1.1 ')
const GOOD = Buffer.from('HTTP/1.1 200')

function floodByOne({ service, path, origin, body, count, depth = 32 }: Flood): Promise<number> {
  const { hostname, port } = new URL(service)
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Origin: ${origin}`,
    'Content-Type: text/plain',
    'Content-Length: ',
  ].join('\r\n')
  const request = (i: number) => {
    const text = body(i)
    return `${head}${Buffer.byteLength(text)}\r\n\r\n${text}`
  }
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let sent = 0
    let answered = 0
    let good = 0
    let rest = Buffer.alloc(0)
    const send = (more: number) => {
      let text = ''
      for (const end = Math.min(sent + more, count); sent < end; sent++) text += request(sent)
      if (text) socket.write(text)
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
