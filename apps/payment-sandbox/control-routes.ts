import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import type { Control } from './control.ts'
import { FAULTS } from './faults.ts'
import { KINDS, type Kind } from './objects.ts'
import { Refusal, type Report } from './refusal.ts'

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/
const OUTCOME_MAX_MS = 30 * 24 * 3_600_000

const Id = Type.String({ minLength: 1, maxLength: 100 })
const Ids = Type.Array(Id, { maxItems: 10_000 })
const Milliseconds = Type.Integer({ minimum: 0, maximum: OUTCOME_MAX_MS })
const strict = { additionalProperties: false }

const Webhooks = Type.Object(
  {
    duplicate: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    delay_ms: Type.Optional(Milliseconds),
    shuffle_ms: Type.Optional(Milliseconds),
    /** Sugar for `shuffle_ms: 200`. */
    shuffle: Type.Optional(Type.Boolean()),
    withhold: Type.Optional(Type.Union([Type.Boolean(), Type.Array(Type.String(), { maxItems: 50 })])),
    tamper: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    fail_first: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  },
  strict,
)
const Endpoint = Type.Object(
  {
    url: Type.Union([Type.String({ pattern: '^https?://', maxLength: 2048 }), Type.Null()]),
    secrets: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 2 }),
  },
  strict,
)
const Release = Type.Object(
  { ids: Type.Optional(Ids), types: Type.Optional(Ids), newest_first: Type.Optional(Type.Boolean()) },
  strict,
)
const FaultOrder = Type.Object(
  {
    path: Type.String({ pattern: '^/', maxLength: 200 }),
    method: Type.Optional(Type.Union([Type.Literal('GET'), Type.Literal('POST'), Type.Null()])),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    fault: Type.Union(FAULTS.map((each) => Type.Literal(each))),
    delay_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
  },
  strict,
)
const Late = Type.Object(
  {
    payment_intent: Id,
    succeed_after_ms: Type.Optional(Milliseconds),
    fail_after_ms: Type.Optional(Milliseconds),
  },
  strict,
)
const Challenge = Type.Object(
  { payment_intent: Id, answer: Type.Union([Type.Literal('complete'), Type.Literal('fail')]) },
  strict,
)
const Dispute = Type.Object(
  {
    charge: Type.Optional(Id),
    payment_intent: Type.Optional(Id),
    amount: Type.Optional(Type.Integer({ minimum: 1 })),
    reason: Type.Optional(Id),
  },
  strict,
)
const Verdict = Type.Object({ status: Type.Union([Type.Literal('won'), Type.Literal('lost')]) }, strict)
const Listing = Type.Object(
  {
    kind: Type.Union((Object.keys(KINDS) as Kind[]).map((each) => Type.Literal(each))),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  },
  strict,
)

type With<B extends TSchema> = { Body: Static<B> }

/** The control API, for this machine alone: JSON under `/sandbox`, described in the README. */
export function controlRoutes(control: Control, report: Report): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.addHook('onRequest', async (request) => guard(request))
    app.setErrorHandler((error, _request, reply) => {
      const status = error instanceof Refusal ? error.status : statusOf(error)
      if (status >= 500) report(error)
      const message = error instanceof Error && status < 500 ? error.message : 'The sandbox failed. Its log says why.'
      return reply.code(status).send({ error: message })
    })
    webhookRoutes(app, control)
    moneyRoutes(app, control)
  }
}

function webhookRoutes(app: FastifyInstance, control: Control): void {
  app.get('/webhooks', async () => control.webhooks({}))
  app.post<With<typeof Webhooks>>('/webhooks', { schema: { body: Webhooks } }, async (request) => {
    const { shuffle, ...change } = request.body
    return control.webhooks(shuffle === undefined ? change : { ...change, shuffle_ms: shuffle ? 200 : 0 })
  })
  app.post<With<typeof Endpoint>>('/endpoint', { schema: { body: Endpoint } }, (request, reply) => {
    const { url, secrets } = request.body
    return done(reply, control.endpoint(url === null ? null : { url, secrets }))
  })
  app.get('/withheld', async () => ({ items: control.withheld() }))
  app.post<With<typeof Release>>('/withheld/release', { schema: { body: Release } }, async (request) => ({
    released: control.release(request.body),
  }))
  app.post<{ Params: { id: string } }>('/events/:id/resend', async (request) => control.resend(request.params.id))
  app.get('/deliveries', async () => ({ items: control.attempts() }))
}

function moneyRoutes(app: FastifyInstance, control: Control): void {
  app.get('/faults', async () => ({ items: control.faults() }))
  app.post<With<typeof FaultOrder>>('/faults', { schema: { body: FaultOrder } }, (request, reply) =>
    done(reply, control.fault(request.body)),
  )
  app.delete('/faults', (_request, reply) => done(reply, control.clearFaults()))
  app.post<With<typeof Late>>('/late', { schema: { body: Late } }, async (request, reply) => {
    const { payment_intent, succeed_after_ms, fail_after_ms } = request.body
    if ((succeed_after_ms === undefined) === (fail_after_ms === undefined)) {
      throw new Refusal(400, { type: 'invalid_request_error', message: 'Give succeed_after_ms or fail_after_ms.' })
    }
    const outcome = fail_after_ms === undefined ? 'succeed' : 'fail'
    return done(reply, control.late(payment_intent, { after_ms: succeed_after_ms ?? fail_after_ms ?? 0, outcome }))
  })
  app.post<With<typeof Challenge>>('/challenges', { schema: { body: Challenge } }, async (request) =>
    control.challenge(request.body.payment_intent, request.body.answer),
  )
  app.post<With<typeof Dispute>>('/disputes', { schema: { body: Dispute } }, async (request) =>
    control.dispute(request.body),
  )
  app.post<With<typeof Verdict> & { Params: { id: string } }>(
    '/disputes/:id/close',
    { schema: { body: Verdict } },
    async (request) => control.closeDispute(request.params.id, request.body.status),
  )
  app.get<{ Querystring: Static<typeof Listing> }>(
    '/objects',
    { schema: { querystring: Listing } },
    async (request) => ({
      items: control.objects(request.query.kind, request.query.limit),
    }),
  )
  app.get('/ledger', async () => ({ items: control.ledger() }))
  app.post('/hurry', (_request, reply) => done(reply, control.hurry()))
  app.post('/settle', (_request, reply) => done(reply, control.settle()))
  app.post('/reset', (_request, reply) => done(reply, control.reset()))
}

/**
 * From this machine only, and never from a web page: a page that is open in a browser here could otherwise post to us.
 * Browsers always name the origin of such a request.
 */
function guard(request: FastifyRequest): void {
  const local = LOOPBACK.test(request.raw.socket.remoteAddress ?? '')
  if (local && request.headers.origin === undefined) return
  throw new Refusal(403, {
    type: 'invalid_request_error',
    message: 'The control API answers programs on this machine only.',
  })
}

async function done(reply: FastifyReply, work: unknown): Promise<FastifyReply> {
  await work
  return reply.code(204).send()
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
}
