import { connect } from 'node:net'

/**
 * Sends bytes as they are, and gives back all that came until the other side closed.
 *
 * @param hangUp whether to say that no more will come; otherwise it is the other side that must end it
 */
export function sendRaw(service: string, text: string | Buffer, hangUp = false): Promise<string> {
  const { hostname, port } = new URL(service)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', (error) => (heard ? resolve(heard) : reject(error)))
    socket.on('close', () => resolve(heard))
    socket.write(text)
    if (hangUp) socket.end()
  })
}

/** The status of the first answer in what was heard. */
export function statusOf(heard: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1])
}
