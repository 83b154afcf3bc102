/** A client that knows only the public contract: addresses, bodies, headers. */
export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body; bytes: Buffer }

export type Send = {
  /** An access token; null says to come without one. */
  as?: string | null
  body?: unknown
  /** The Idempotency-Key; `true` makes a fresh one. */
  key?: string | true
  headers?: Record<string, string>
}

export type Client = {
  origin: string
  send<Body = Record<string, unknown>>(method: string, path: string, send?: Send): Promise<Answer<Body>>
  /** The same, and any other status than this is a failure that says what came instead. */
  expect<Body = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    send?: Send,
  ): Promise<Answer<Body>>
}

const DEADLINE_MS = 20_000

/** Paths are below `/api/v1` unless they begin with another root that the contract names. */
export function clientOf(origin: string): Client {
  const client: Client = {
    origin,
    send: async <Body>(method: string, path: string, { as, body, key, headers }: Send = {}) => {
      const response = await fetch(`${origin}${addressOf(path)}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(as === undefined || as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key === true ? crypto.randomUUID() : key }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const bytes = Buffer.from(await response.arrayBuffer())
      const json = response.headers.get('content-type')?.includes('json') === true && bytes.length > 0
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        body: (json ? JSON.parse(bytes.toString()) : bytes.toString()) as Body,
      }
    },
    expect: async <Body>(status: number, method: string, path: string, send: Send = {}) => {
      const answer = await client.send<Body>(method, path, send)
      if (answer.status !== status)
        throw new Error(
          `${method} ${path} answered ${answer.status}, not ${status}: ${answer.bytes.subarray(0, 2_000)}`,
        )
      return answer
    },
  }
  return client
}

function addressOf(path: string): string {
  return /^\/(?:api|livez|readyz|metrics|openapi\.json|docs|problems|webhooks|\.well-known)(?:\/|$)/.test(path)
    ? path
    : `/api/v1${path}`
}
