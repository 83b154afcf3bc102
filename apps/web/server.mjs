import { createServer } from 'node:http'
import next from 'next'

/**
 * The web app in a process of its own, on loopback: the API server forwards to it what is not its own, so that rendering
 * never shares an event loop with holds. Modes: starting → ready (told to the parent) → draining → gone.
 * It ends on SIGTERM or SIGINT, and when the parent that forked it has gone.
 */
const DRAIN_MS_MAX = 5_000

const port = Number(process.env.TESSERA_WEB_PORT ?? 3005)
const dev = process.env.TESSERA_WEB_DEV === '1'
if (!dev) process.env.NODE_ENV = 'production'

const app = next({ dev, dir: import.meta.dirname, hostname: '127.0.0.1', port, quiet: !dev })
await app.prepare()
const handle = app.getRequestHandler()
const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error)
    if (!response.headersSent) response.writeHead(500)
    response.end()
  })
})
// The proxy in front keeps its connections open; ours must outlive its idle time, or it meets a closed socket.
server.keepAliveTimeout = 75_000

let draining = false
function drain() {
  if (draining) return
  draining = true
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), DRAIN_MS_MAX).unref()
}
process.on('SIGTERM', drain)
process.on('SIGINT', drain)
process.on('disconnect', drain)

server.listen(port, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ ready: true, port: typeof address === 'object' && address ? address.port : port })
})
