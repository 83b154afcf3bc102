import type { FastifyReply, FastifyRequest } from 'fastify'
import { API_VERSION } from '../blanks.ts'
import type { Core } from '../core.ts'
import type { Fault } from '../faults.ts'
import { fingerprintOf, recall } from '../idempotency.ts'
import { randomText } from '../ids.ts'
import type { ApiObject, Remembered } from '../objects.ts'
import { Refusal, type StripeErrorBody } from '../refusal.ts'
import { put, type Tx } from '../transaction.ts'
import { authenticate } from './authenticate.ts'
import { expand } from './expand.ts'
import { decodeForm, emptyForm, type Form } from './form.ts'
import type { List } from './list.ts'
import { Params } from './params.ts'

/** One request to one endpoint: `id` is the object in the path ('' without one). */
export type Call = { tx: Tx; id: string; params: Params }
/** A refused payment is an outcome, not an exception: it has changed the intent. */
export type Reply = { kind: 'ok'; body: ApiObject | List<ApiObject> } | { kind: 'declined'; error: StripeErrorBody }
export type Verb = (call: Call) => Reply

type Answer = { status: number; body: string | ApiObject }
type Outcome = { status: number; body: string | ApiObject; executed: boolean }
type Request = { id: string; path: string; object_id: string; form: Form; key: string | null }

/** Keys whose first request still runs, per sandbox. */
export type InUse = Set<string>

/**
 * The way of every API request. In order: credentials, an injected 429, the idempotency key, an injected delay or 500,
 * the verb, the disk, and at last the answer or the fault that swallows it.
 */
export async function serve(
  core: Core,
  inUse: InUse,
  incoming: FastifyRequest,
  reply: FastifyReply,
  verb: Verb,
): Promise<unknown> {
  const request = read(incoming, reply)
  authenticate(incoming.headers.authorization)
  const fault = core.faults.take(incoming.method, request.path)
  if (fault?.fault === '429') throw rateLimited()
  const remembered = replay(core, inUse, request)
  const answer = remembered ?? (await execute(core, inUse, request, fault, verb))
  if (remembered !== null) {
    reply.header('idempotent-replayed', 'true').header('original-request', remembered.request_id)
  }
  if (answer.status >= 500) reply.header('stripe-should-retry', 'false')
  return swallow(incoming, reply, fault) ? reply : reply.code(answer.status).send(textOf(answer))
}

function read(incoming: FastifyRequest, reply: FastifyReply): Request {
  const id = `req_${randomText(14)}`
  const version = incoming.headers['stripe-version']
  const key = incoming.headers['idempotency-key']
  reply
    .header('request-id', id)
    .header('stripe-version', typeof version === 'string' ? version : API_VERSION)
    .type('application/json')
  const cut = incoming.url.indexOf('?')
  const query = cut < 0 ? '' : incoming.url.slice(cut + 1)
  const isPost = incoming.method === 'POST'
  if (isPost && typeof key === 'string' && key !== '') reply.header('idempotency-key', key)
  const { id: object_id = '' } = incoming.params as { id?: string }
  return {
    id,
    path: cut < 0 ? incoming.url : incoming.url.slice(0, cut),
    object_id,
    form: isPost ? formOf(incoming.body) : decode(query),
    key: isPost && typeof key === 'string' && key !== '' ? key : null,
  }
}

function formOf(body: unknown): Form {
  return typeof body === 'string' ? decode(body) : emptyForm()
}

function decode(text: string): Form {
  try {
    return decodeForm(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Refusal(400, { type: 'invalid_request_error', message: `${error.message}.` })
  }
}

function replay(core: Core, inUse: InUse, request: Request): Remembered | null {
  if (request.key === null) return null
  return recall(core.state, inUse, {
    key: request.key,
    target: request.path,
    fingerprint: fingerprintOf(request.form),
    now_ms: core.now_ms(),
  })
}

async function execute(core: Core, inUse: InUse, request: Request, fault: Fault | null, verb: Verb): Promise<Answer> {
  const { key } = request
  if (key !== null) inUse.add(key)
  try {
    if (fault !== null && fault.delay_ms > 0) await core.pause(fault.delay_ms)
    const tx = core.begin({ id: request.id, idempotency_key: key })
    const outcome = fault?.fault === '500' ? FAILURE : run(tx, request, verb)
    if (key !== null && outcome.executed) remember(tx, request, key, outcome)
    await core.commit(tx)
    return outcome
  } finally {
    if (key !== null) inUse.delete(key)
  }
}

function run(tx: Tx, request: Request, verb: Verb): Outcome {
  try {
    const form = Object.assign(emptyForm(), request.form)
    const paths = new Params(form).texts('expand')
    delete form['expand']
    const reply = verb({ tx, id: request.object_id, params: new Params(form) })
    if (reply.kind === 'declined') return { status: 402, body: JSON.stringify({ error: reply.error }), executed: true }
    const { body } = reply
    const asItIs = paths.length === 0 && body.object !== 'list'
    return { status: 200, body: asItIs ? body : JSON.stringify(expand(tx, body, paths)), executed: true }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    tx.changes.length = 0
    tx.totals.clear()
    return { status: error.status, body: JSON.stringify({ error: error.body }), executed: error.executed }
  }
}

function remember(tx: Tx, request: Request, key: string, answer: Answer): void {
  put(tx, {
    object: 'tessera.idempotency',
    id: key,
    request_id: request.id,
    target: request.path,
    fingerprint: fingerprintOf(request.form),
    status: answer.status,
    body: answer.body,
    at_ms: tx.now_ms,
  })
}

function textOf({ body }: Answer): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** True when a fault keeps the answer back: for ever, or together with the connection. */
function swallow(incoming: FastifyRequest, reply: FastifyReply, fault: Fault | null): boolean {
  if (fault?.fault !== 'timeout-after-success' && fault?.fault !== 'drop-response') return false
  reply.hijack()
  if (fault.fault === 'drop-response') incoming.raw.socket.destroy()
  return true
}

const FAILURE: Outcome = {
  status: 500,
  body: JSON.stringify({
    error: { type: 'api_error', message: 'An unknown error occurred (ordered through the sandbox).' },
  }),
  executed: true,
}

function rateLimited(): Refusal {
  return new Refusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Request rate limit exceeded (ordered through the sandbox).',
  })
}
