import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, type TObject, type TProperties, Type } from 'typebox'
import type { Control } from './control.ts'
import { FAULTS } from './faults.ts'
import { AMOUNT_MAX } from './intent.ts'
import { KINDS, type Kind } from './objects.ts'
import { onRefusal, Refusal, type Report } from './refusal.ts'

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/
const SHUFFLE_MS = 200

/** An object that has these fields and no others. */
const exactly = <P extends TProperties>(fields: P) => Type.Object(fields, { additionalProperties: false })
const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
const one = <T extends string>(...of: readonly T[]) => Type.Union(of.map((each) => Type.Literal(each)))
const { Optional } = Type
const Id = Type.String({ minLength: 1, maxLength: 100 })
const MaybeId = Optional(Id)
const Ids = Optional(Type.Array(Id, { maxItems: 10_000 }))
const Milliseconds = Optional(whole(0, 30 * 24 * 3_600_000))

const Webhooks = exactly({
  duplicate: Optional(whole(1, 100)),
  delay_ms: Milliseconds,
  shuffle_ms: Milliseconds,
  /** Short for `shuffle_ms: 200`. */
  shuffle: Optional(Type.Boolean()),
  withhold: Optional(Type.Union([Type.Boolean(), Type.Array(Type.String(), { maxItems: 50 })])),
  tamper: Optional(Type.Number({ minimum: 0, maximum: 1 })),
  fail_first: Optional(whole(0, 100)),
  seed: Optional(whole(0, 4_294_967_295)),
})
const Endpoint = exactly({
  url: Type.Union([Type.String({ pattern: '^https?://', maxLength: 2048 }), Type.Null()]),
  secrets: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 2 }),
})
const Release = exactly({ ids: Ids, types: Ids, newest_first: Optional(Type.Boolean()) })
const FaultOrder = exactly({
  path: Type.String({ pattern: '^/', maxLength: 200 }),
  method: Optional(Type.Union([one('GET', 'POST'), Type.Null()])),
  times: Optional(whole(1, 1_000_000)),
  fault: one(...FAULTS),
  delay_ms: Optional(whole(0, 600_000)),
})
/** Of the two times exactly one. */
const Late = Type.Object(
  { payment_intent: Id, succeed_after_ms: Milliseconds, fail_after_ms: Milliseconds },
  { additionalProperties: false, minProperties: 2, maxProperties: 2 },
)
const Challenge = exactly({ payment_intent: Id, answer: one('complete', 'fail') })
const Amount = Optional(whole(1, AMOUNT_MAX))
const Dispute = exactly({ charge: MaybeId, payment_intent: MaybeId, amount: Amount, reason: MaybeId })
const Verdict = exactly({ status: one('won', 'lost') })
const Listing = exactly({ kind: one(...(Object.keys(KINDS) as Kind[])), limit: Optional(whole(1, 100_000)) })

/** The control API, for this machine alone: JSON under `/sandbox`, described in the README. */
export function controlRoutes(control: Control, report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request) => guard(request))
    onRefusal(app, report, (reply, { message }) => reply.send({ error: message }))
    app.get('/webhooks', () => control.webhooks({}))
    order(app, '/webhooks', Webhooks, ({ shuffle, ...change }) =>
      control.webhooks(shuffle === undefined ? change : { ...change, shuffle_ms: shuffle ? SHUFFLE_MS : 0 }),
    )
    order(app, '/endpoint', Endpoint, ({ url, secrets }) => control.endpoint(url === null ? null : { url, secrets }))
    list(app, '/withheld', () => control.withheld())
    order(app, '/withheld/release', Release, (which) => ({ released: control.release(which) }))
    order(app, '/events/:id/resend', null, (_body, id) => control.resend(id))
    list(app, '/deliveries', () => control.attempts())
    list(app, '/faults', () => control.faults())
    order(app, '/faults', FaultOrder, (fault) => control.fault(fault))
    app.delete('/faults', async (_request, reply) => reply.code(204).send(control.clearFaults()))
    order(app, '/late', Late, ({ payment_intent, succeed_after_ms, fail_after_ms }) => {
      const outcome = fail_after_ms === undefined ? 'succeed' : 'fail'
      return control.late(payment_intent, { after_ms: succeed_after_ms ?? fail_after_ms ?? 0, outcome })
    })
    order(app, '/challenges', Challenge, ({ payment_intent, answer }) => control.challenge(payment_intent, answer))
    order(app, '/disputes', Dispute, (dispute) => control.dispute(dispute))
    order(app, '/disputes/:id/close', Verdict, ({ status }, id) => control.closeDispute(id, status))
    const listing = { schema: { querystring: Listing } }
    app.get<{ Querystring: Static<typeof Listing> }>('/objects', listing, async ({ query }) => ({
      items: control.objects(query.kind, query.limit),
    }))
    list(app, '/ledger', () => control.ledger())
    order(app, '/hurry', null, () => control.hurry())
    order(app, '/settle', null, () => control.settle())
    order(app, '/reset', null, () => control.reset())
  }
}

function list(app: FastifyInstance, path: string, read: () => readonly object[]): void {
  app.get(path, async () => ({ items: read() }))
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
