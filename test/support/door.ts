import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls'

/** A way to the service that carries bytes and nothing else, and that can fall silent. */
export interface Door {
  port: number
  /** Where it leads. */
  to: string
  /** Whoever comes is let in, and hears nothing. */
  silent: boolean
  /** The names under which it was called, by TLS. */
  names: Set<string>
  /** Afterwards nobody is there. */
  close(): Promise<void>
}

/** Opens a door on a free port of the loopback interface, with TLS if it is given a key and a certificate. */
export async function openDoor(to: string, tls?: TlsOptions): Promise<Door> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    return socket
  }
  const enter = (visitor: Socket) => {
    keep(visitor)
    const { servername } = visitor as TLSSocket
    if (servername) door.names.add(servername)
    if (door.silent) return
    const { port, hostname } = new URL(door.to)
    const service = keep(connect(Number(port), hostname))
    visitor.pipe(service).pipe(visitor)
    visitor.on('close', () => service.destroy())
    service.on('close', () => visitor.end())
  }
  const server = tls ? createTlsServer(tls, enter) : createServer(enter)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const door: Door = {
    port: (server.address() as AddressInfo).port,
    to,
    silent: false,
    names: new Set(),
    async close() {
      for (const socket of sockets) socket.destroy()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
  return door
}
