import type { FastifyInstance } from 'fastify'

/** Calls our own API as a client would, without a socket: demo data uses the public API only. */
export type DemoClient = (
  method: 'POST' | 'GET',
  path: string,
  body?: unknown,
) => Promise<{ status: number; body: Record<string, unknown> }>

export function demoClient(fastify: FastifyInstance, token: string | null): DemoClient {
  return async (method, path, body) => {
    const response = await fastify.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        'idempotency-key': crypto.randomUUID(),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
  }
}

/** The body of a call that must succeed. */
export async function must(answer: ReturnType<DemoClient>): Promise<Record<string, unknown>> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`Demo data was refused: ${status} ${JSON.stringify(body)}`)
  return body
}
