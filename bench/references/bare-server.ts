import { createServer } from 'node:http'

/** H: what node:http alone does with the same request: reads the body, answers a small JSON. The ceiling of any server here. */
const ANSWER = Buffer.from(JSON.stringify({ status: 'ok', detail: 'Seats 1-1, 1-2 are not available.' }))

const server = createServer((incoming, response) => {
  let length = 0
  incoming.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  incoming.on('end', () => {
    response.writeHead(length >= 0 ? 200 : 400, { 'content-type': 'application/json', 'content-length': ANSWER.length })
    response.end(ANSWER)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address()
  process.send?.({ ready: true, port: typeof address === 'object' && address !== null ? address.port : 0 })
})
process.once('disconnect', () => process.exit(0))
