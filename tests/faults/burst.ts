import { connect, type Socket } from 'node:net'

/** One request of a burst, over a socket of its own. */
export type BurstRequest = { path: string; token: string; key: string; body: object }
export type BurstAnswer = { status: number; body: Record<string, unknown>; ms: number }

const ANSWER_MS_MAX = 20_000

/**
 * Everything at the same moment: each request has its socket, on which all but its last byte is sent already; then the
 * last bytes go out together. Null where no answer came: the connection broke, or nothing came in time.
 */
export async function burst(
  origin: string,
  requests: readonly BurstRequest[],
  released: () => Promise<void> | void = () => undefined,
): Promise<(BurstAnswer | null)[]> {
  const { hostname, port, host } = new URL(origin)
  const ready = await Promise.all(
    requests.map(async (request) => {
      const socket = await opened(hostname, Number(port))
      const text = textOf(host, request)
      await new Promise<void>((resolve, reject) => {
        socket.write(text.slice(0, -1), (error) => (error == null ? resolve() : reject(error)))
      })
      return { socket, last: text.slice(-1) }
    }),
  )
  const answers = ready.map(({ socket, last }) => {
    const begun = performance.now()
    socket.write(last)
    return answerOf(socket, begun)
  })
  await released()
  return Promise.all(answers)
}

function textOf(host: string, { path, token, key, body }: BurstRequest): string {
  const json = JSON.stringify(body)
  return [
    `POST /api/v1${path} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    `idempotency-key: ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(json)}`,
    'connection: close',
    '',
    json,
  ].join('\r\n')
}

function opened(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** The server closes after its answer; what it sent until then is the answer. */
function answerOf(socket: Socket, begun: number): Promise<BurstAnswer | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let first_ms = 0
    const end = (): void => {
      clearTimeout(late)
      resolve(parsed(Buffer.concat(chunks).toString(), first_ms))
    }
    const late = setTimeout(() => socket.destroy(), ANSWER_MS_MAX)
    socket.on('data', (chunk: Buffer) => {
      if (chunks.length === 0) first_ms = performance.now() - begun
      chunks.push(chunk)
    })
    socket.on('error', () => undefined)
    socket.once('close', end)
  })
}

function parsed(text: string, ms: number): BurstAnswer | null {
  const head_end = text.indexOf('\r\n\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1])
  if (head_end < 0 || Number.isNaN(status) || Number.isNaN(length)) return null
  const body = text.slice(head_end + 4)
  return Buffer.byteLength(body) < length ? null : { status, body: JSON.parse(body), ms }
}
