import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, type TObject, type TProperties, Type } from 'typebox'
import type { Control } from './control.ts'
import { FAULTS } from './faults.ts'
import { KINDS, type Kind } from './objects.ts'
import { asRefusal, Refusal, type Report } from './refusal.ts'

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/
const OUTCOME_MAX_MS = 30 * 24 * 3_600_000
const SHUFFLE_MS = 200

/** An object that has these fields and no others. */
const exactly = <P extends TProperties>(fields: P) => Type.Object(fields, { additionalProperties: false })
const { Optional } = Type
const Id = Type.String({ minLength: 1, maxLength: 100 })
const Ids = Type.Array(Id, { maxItems: 10_000 })
const Milliseconds = Type.Integer({ minimum: 0, maximum: OUTCOME_MAX_MS })

const Webhooks = exactly({
  duplicate: Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  delay_ms: Optional(Milliseconds),
  shuffle_ms: Optional(Milliseconds),
  /** Short for `shuffle_ms: 200`. */
  shuffle: Optional(Type.Boolean()),
  withhold: Optional(Type.Union([Type.Boolean(), Type.Array(Type.String(), { maxItems: 50 })])),
  tamper: Optional(Type.Number({ minimum: 0, maximum: 1 })),
  fail_first: Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  seed: Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
})
const Endpoint = exactly({
  url: Type.Union([Type.String({ pattern: '^https?://', maxLength: 2048 }), Type.Null()]),
  secrets: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 2 }),
})
const Release = exactly({ ids: Optional(Ids), types: Optional(Ids), newest_first: Optional(Type.Boolean()) })
const FaultOrder = exactly({
  path: Type.String({ pattern: '^/', maxLength: 200 }),
  method: Optional(Type.Union([Type.Literal('GET'), Type.Literal('POST'), Type.Null()])),
  times: Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  fault: Type.Union(FAULTS.map((each) => Type.Literal(each))),
  delay_ms: Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
})
const After = Optional(Milliseconds)
const Late = exactly({ payment_intent: Id, succeed_after_ms: After, fail_after_ms: After })
const Answer = Type.Union([Type.Literal('complete'), Type.Literal('fail')])
const Challenge = exactly({ payment_intent: Id, answer: Answer })
const Dispute = exactly({
  charge: Optional(Id),
  payment_intent: Optional(Id),
  amount: Optional(Type.Integer({ minimum: 1 })),
  reason: Optional(Id),
})
const Verdict = exactly({ status: Type.Union([Type.Literal('won'), Type.Literal('lost')]) })
const Listing = exactly({
  kind: Type.Union((Object.keys(KINDS) as Kind[]).map((each) => Type.Literal(each))),
  limit: Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
})

/** The control API, for this machine alone: JSON under `/sandbox`, described in the README. */
export function controlRoutes(control: Control, report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request) => guard(request))
    app.setErrorHandler((error, _request, reply) => {
      const refusal = asRefusal(error)
      if (refusal.status >= 500) report(error)
      return reply.code(refusal.status).send({ error: refusal.message })
    })
    webhookRoutes(app, control)
    moneyRoutes(app, control)
  }
}

function webhookRoutes(app: FastifyInstance, control: Control): void {
  app.get('/webhooks', async () => control.webhooks({}))
  order(app, '/webhooks', Webhooks, ({ shuffle, ...change }) =>
    control.webhooks(shuffle === undefined ? change : { ...change, shuffle_ms: shuffle ? SHUFFLE_MS : 0 }),
  )
  order(app, '/endpoint', Endpoint, ({ url, secrets }) => control.endpoint(url === null ? null : { url, secrets }))
  app.get('/withheld', async () => ({ items: control.withheld() }))
  order(app, '/withheld/release', Release, (which) => ({ released: control.release(which) }))
  order(app, '/events/:id/resend', null, (_body, id) => control.resend(id))
  app.get('/deliveries', async () => ({ items: control.attempts() }))
}

function moneyRoutes(app: FastifyInstance, control: Control): void {
  app.get('/faults', async () => ({ items: control.faults() }))
  order(app, '/faults', FaultOrder, (fault) => control.fault(fault))
  app.delete('/faults', (_request, reply) => {
    control.clearFaults()
    return reply.code(204).send()
  })
  order(app, '/late', Late, ({ payment_intent, succeed_after_ms, fail_after_ms }) => {
    if ((succeed_after_ms === undefined) === (fail_after_ms === undefined)) {
      throw new Refusal(400, { type: 'invalid_request_error', message: 'Give succeed_after_ms or fail_after_ms.' })
    }
    const outcome = fail_after_ms === undefined ? 'succeed' : 'fail'
    return control.late(payment_intent, { after_ms: succeed_after_ms ?? fail_after_ms ?? 0, outcome })
  })
  order(app, '/challenges', Challenge, ({ payment_intent, answer }) => control.challenge(payment_intent, answer))
  order(app, '/disputes', Dispute, (dispute) => control.dispute(dispute))
  order(app, '/disputes/:id/close', Verdict, ({ status }, id) => control.closeDispute(id, status))
  app.get<{ Querystring: Static<typeof Listing> }>(
    '/objects',
    { schema: { querystring: Listing } },
    async ({ query }) => ({ items: control.objects(query.kind, query.limit) }),
  )
  app.get('/ledger', async () => ({ items: control.ledger() }))
  order(app, '/hurry', null, () => control.hurry())
  order(app, '/settle', null, () => control.settle())
  order(app, '/reset', null, () => control.reset())
}

/** A POST whose body has this schema (null: none is read); 204 when the order has nothing to answer. */
function order<B extends TObject>(
  app: FastifyInstance,
  path: string,
  body: B | null,
  work: (body: Static<B>, id: string) => unknown,
): void {
  app.post<{ Params: { id: string } }>(path, { schema: body === null ? {} : { body } }, async (request, reply) => {
    const answer = await work(request.body as Static<B>, request.params.id)
    return answer === undefined ? reply.code(204).send() : answer
  })
}

/**
 * From this machine only, and never from a web page: a page that is open in a browser here could otherwise post to us.
 * Browsers always name the origin of such a request.
 */
function guard(request: FastifyRequest): void {
  const local = LOOPBACK.test(request.raw.socket.remoteAddress ?? '')
  if (local && request.headers.origin === undefined) return
  const message = 'The control API answers programs on this machine only.'
  throw new Refusal(403, { type: 'invalid_request_error', message })
}
