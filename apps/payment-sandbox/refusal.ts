/** The body that Stripe puts under `error`. */
export type StripeErrorBody = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  doc_url?: string
  payment_intent?: unknown
  payment_method?: unknown
}

/**
 * A request that is turned away and changes nothing: the one error type at this server's edge.
 * `executed` tells the two kinds apart that idempotency knows: a refusal by the state of an object is remembered under
 * the request's key, one of its parameters or its credentials is not.
 */
export class Refusal extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  readonly executed: boolean

  constructor(status: number, body: StripeErrorBody, executed = false) {
    super(body.message)
    this.status = status
    this.body =
      body.code === undefined
        ? body
        : { ...body, doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` }
    this.executed = executed
  }
}

/** 400 for a parameter that is absent, unknown or malformed. */
export function badParameter(param: string, code: string, message: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', code, param, message })
}

/** 404 when the path names it, 400 when a parameter does. */
export function missing(what: string, id: string, param: string, status: 400 | 404): Refusal {
  return new Refusal(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    param,
    message: `No such ${what}: '${id}'`,
  })
}

/** 400 because the object is not in a state that allows it. Remembered under the request's key. */
export function unexpectedState(code: string, message: string, more: Partial<StripeErrorBody> = {}): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', code, message, ...more }, true)
}

/** Told of every error that is nobody's fault but ours. */
export type Report = (error: unknown) => void
