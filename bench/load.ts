import { connect, type Socket } from 'node:net'

/** What a run measured. Latencies from the request's last byte sent to the answer's last byte read, in ms. */
export type Load = {
  answers: number
  seconds: number
  per_second: number
  statuses: Record<string, number>
  p50_ms: number
  p95_ms: number
  p99_ms: number
  max_ms: number
  mean_ms: number
}

type LoadOptions = {
  port: number
  connections: number
  /** The next request of a connection, whole; null ends that connection. */
  next(connection: number): Buffer | null
  /** Told of each answer before `next` is asked again: for clients whose next request depends on it. */
  answered?(connection: number, status: string, body: Buffer): void
  /** Waits this long between an answer and the next request. */
  think_ms?: number
  /** Sends at fixed moments instead of after each answer: requests a second over all connections. */
  rate?: number
}

/** A keep-alive HTTP/1.1 client that does as little as it can: one write and one scan an answer. */
export function load(options: LoadOptions): Promise<Load> {
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    let open = options.connections
    const closed = (): void => {
      if (--open === 0) resolve(summary(latencies, statuses, (performance.now() - begun) / 1_000))
    }
    for (let i = 0; i < options.connections; i++) drive(options, i, { statuses, latencies, closed, failed: reject })
  })
}

type Sink = { statuses: Record<string, number>; latencies: number[]; closed(): void; failed(error: Error): void }

function drive(options: LoadOptions, index: number, sink: Sink): void {
  const socket = connect(options.port, '127.0.0.1')
  socket.setNoDelay(true)
  let sent_ms = 0
  let due_ms = 0
  let rest: Buffer | null = null
  const interval_ms = options.rate === undefined ? 0 : (options.connections * 1_000) / options.rate
  const send = (): void => {
    const request = options.next(index)
    if (request === null) {
      socket.end()
      return
    }
    // In an open loop the clock starts when the request was due: waiting for a slow answer is part of the latency.
    sent_ms = options.rate === undefined ? performance.now() : due_ms
    due_ms += interval_ms
    socket.write(request)
  }
  const sendWhenDue = (): void => {
    const wait_ms = options.rate === undefined ? (options.think_ms ?? 0) : due_ms - performance.now()
    if (wait_ms > 1) setTimeout(send, wait_ms)
    else send()
  }
  socket.on('connect', () => {
    // In an open loop each connection has its own moment within the interval; connecting is no part of a latency.
    due_ms = performance.now() + (index * 1_000) / (options.rate ?? Infinity)
    if (options.think_ms !== undefined) setTimeout(sendWhenDue, Math.random() * options.think_ms)
    else sendWhenDue()
  })
  socket.on('data', (chunk) => {
    rest = rest === null ? chunk : Buffer.concat([rest, chunk])
    const length = answerLength(rest)
    if (length === null || rest.length < length) return
    const status = rest.toString('latin1', 9, 12)
    sink.statuses[status] = (sink.statuses[status] ?? 0) + 1
    sink.latencies.push(performance.now() - sent_ms)
    options.answered?.(index, status, rest.subarray(rest.indexOf('\r\n\r\n') + 4, length))
    rest = rest.length === length ? null : rest.subarray(length)
    sendWhenDue()
  })
  socket.on('error', sink.failed)
  socket.on('close', sink.closed)
}

const LENGTH = /content-length: (\d+)/i

/** Bytes of the whole answer at the buffer's start, or null while its head is not complete. */
function answerLength(buffer: Buffer): number | null {
  const head = buffer.indexOf('\r\n\r\n')
  if (head < 0) return null
  const length = LENGTH.exec(buffer.toString('latin1', 0, head))
  return head + 4 + Number(length?.[1] ?? 0)
}

function summary(latencies: number[], statuses: Record<string, number>, seconds: number): Load {
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const mean_ms = sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length)
  return {
    answers: sorted.length,
    seconds,
    per_second: sorted.length / seconds,
    statuses,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    max_ms: sorted.at(-1) ?? 0,
    mean_ms,
  }
}

/** Sends every request at one moment, each on a connection of its own that waits ready: for the race. */
export async function volley(port: number, requests: readonly Buffer[]): Promise<Load> {
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  const sockets = await Promise.all(requests.map(() => ready(port)))
  const begun = performance.now()
  await Promise.all(
    sockets.map(
      (socket, i) =>
        new Promise<void>((resolve, reject) => {
          let rest = Buffer.alloc(0)
          socket.on('error', reject)
          socket.on('data', (chunk) => {
            rest = Buffer.concat([rest, chunk])
            const length = answerLength(rest)
            if (length === null || rest.length < length) return
            latencies.push(performance.now() - begun)
            const status = rest.toString('latin1', 9, 12)
            statuses[status] = (statuses[status] ?? 0) + 1
            socket.end()
            resolve()
          })
          socket.write(requests[i] ?? Buffer.alloc(0))
        }),
    ),
  )
  return summary(latencies, statuses, (performance.now() - begun) / 1_000)
}

function ready(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** An HTTP request as bytes. */
export function request(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length =
    method === 'GET' ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}${length}\r\n${body}`)
}
