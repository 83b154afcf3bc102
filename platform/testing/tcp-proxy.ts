import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy that can stall: connections stay open and new ones are accepted, but no byte passes. */
export type TcpProxy = AsyncDisposable & {
  /** The given address, through this proxy. */
  url(of: string): string
  /** The number of connections accepted so far. */
  accepted(): number
  stall(): void
  resume(): void
}

/** Listens on a port of 127.0.0.1 and forwards everything to the host and port of `target`. */
export async function openTcpProxy(target: string): Promise<TcpProxy> {
  const to = new URL(target)
  const pairs = new Map<Socket, Socket>()
  let stalled = false
  let accepted = 0
  const halt = (socket: Socket): void => {
    if (stalled) socket.pause()
    else socket.resume()
  }
  const join = (from: Socket, into: Socket): void => {
    from.on('data', (chunk) => into.write(chunk))
    from.on('error', () => undefined)
    from.on('close', () => {
      into.destroy()
      pairs.delete(from)
    })
    halt(from)
  }
  const server = createServer((client) => {
    accepted++
    const upstream = connect(Number(to.port), to.hostname)
    pairs.set(client, upstream)
    join(client, upstream)
    join(upstream, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const haltAll = (): void => {
    for (const [client, upstream] of pairs) for (const socket of [client, upstream]) halt(socket)
  }
  return {
    url: (of) => {
      const through = new URL(of)
      through.hostname = '127.0.0.1'
      through.port = String(port)
      return through.href
    },
    accepted: () => accepted,
    stall: () => {
      stalled = true
      haltAll()
    },
    resume: () => {
      stalled = false
      haltAll()
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const [client, upstream] of pairs) for (const socket of [client, upstream]) socket.destroy()
      await closed
    },
  }
}
