import type { FastifyInstance, FastifyReply } from 'fastify'

/** The body that Stripe puts under `error`. */
export type StripeErrorBody = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  payment_intent?: object
  payment_method?: object
}

/**
 * A request that is refused and changes nothing: the one error type of this server's answers. `executed` tells the two
 * kinds apart that idempotency knows: a refusal by the state of an object is remembered under the request's key, one of
 * its parameters or its credentials is not.
 */
export class Refusal extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  readonly executed: boolean

  constructor(status: number, body: StripeErrorBody, executed = false) {
    super(body.message)
    this.status = status
    this.body = body
    this.executed = executed
  }
}

/** Any error as a refusal: Fastify's own keep their status below 500, the rest is ours to look into. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return error instanceof Error && status < 500
    ? new Refusal(status, { type: 'invalid_request_error', message: error.message })
    : new Refusal(500, { type: 'api_error', message: 'The sandbox failed. Its log says why.' })
}

/** How this scope answers errors; faults of the sandbox itself are reported. */
export function onRefusal(
  app: FastifyInstance,
  report: Report,
  answer: (reply: FastifyReply, refusal: Refusal) => FastifyReply,
): void {
  app.setErrorHandler((error, _request, reply) => {
    const refusal = asRefusal(error)
    if (refusal.status >= 500) report(error)
    return answer(reply.code(refusal.status), refusal)
  })
}

/** 400 for a parameter that is absent, unknown or malformed. */
export function badParameter(param: string, code: string | undefined, message: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', ...(code && { code }), param, message })
}

/** 404 when the path names it, 400 when a parameter does. */
export function missing(what: string, id: string, param: string, status: 400 | 404): Refusal {
  const message = `No such ${what}: '${id}'`
  return new Refusal(status, { type: 'invalid_request_error', code: 'resource_missing', param, message })
}

/** 400 because the object is not in a state that allows it. Remembered under the request's key. */
export function unexpectedState(code: string, message: string, more: Partial<StripeErrorBody> = {}): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', code, message, ...more }, true)
}

/** Told of every error that is a fault of the sandbox. */
export type Report = (error: unknown) => void
