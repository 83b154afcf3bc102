import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core.ts'
import { type Fault, takeFault } from '../faults.ts'
import { API_VERSION, randomText } from '../objects.ts'
import { onRefusal, Refusal, type Report } from '../refusal.ts'
import type { Remembered } from '../store.ts'
import type { Tx } from '../transaction.ts'
import { ENDPOINTS, type Verb } from './endpoints.ts'
import { acceptForms, decodeForm, Params } from './params.ts'
import { expand } from './read.ts'

type Answer = { status: number; body: string }
/** `key` is the `Idempotency-Key`; `fingerprint` one value for all spellings of the same parameters. */
type Request = ReturnType<typeof read>

/** `inUse` are the keys whose first request still runs. */
type Api = { core: Core; secret_keys: readonly string[]; inUse: Set<string> }

/** The part of Stripe's API that Tessera uses, under `/v1`, for the holders of these keys. */
export function apiRoutes(core: Core, secret_keys: readonly string[], report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    const api: Api = { core, secret_keys, inUse: new Set() }
    app.removeAllContentTypeParsers()
    acceptForms(app)
    for (const [method, url, verb] of ENDPOINTS) {
      app.route({ method, url, handler: (incoming, reply) => serve(api, incoming, reply, verb) })
    }
    app.setNotFoundHandler((request) => {
      const message = `Unrecognized request URL (${request.method}: ${request.url}).`
      throw new Refusal(404, { type: 'invalid_request_error', message })
    })
    onRefusal(app, report, (reply, { body }) => reply.type('application/json').send({ error: body }))
  }
}

/**
 * The way of every API request. In order: credentials, an ordered 429, the idempotency key, an ordered delay or 500,
 * the verb and its commit, and at last the answer or the fault that swallows it.
 */
async function serve(api: Api, incoming: FastifyRequest, reply: FastifyReply, verb: Verb): Promise<unknown> {
  const request = read(incoming, reply)
  authenticate(api.secret_keys, incoming.headers.authorization)
  const fault = takeFault(api.core.faults, incoming.method, request.path)
  if (fault?.fault === '429') {
    const message = 'Request rate limit exceeded (ordered through the sandbox).'
    throw new Refusal(429, { type: 'invalid_request_error', code: 'rate_limit', message })
  }
  const remembered = request.key === null ? undefined : recall(api, request, request.key)
  const answer = remembered ?? (await execute(api, request, fault, verb))
  if (remembered !== undefined) {
    reply.header('idempotent-replayed', 'true').header('original-request', remembered.request_id)
  }
  if (answer.status >= 500) reply.header('stripe-should-retry', 'false')
  if (fault?.fault !== 'timeout-after-success' && fault?.fault !== 'drop-response') {
    return reply.code(answer.status).send(answer.body)
  }
  // The answer is kept back: for ever, or together with the connection.
  reply.hijack()
  if (fault.fault === 'drop-response') incoming.raw.socket.destroy()
  return reply
}

/** Lets in the holders of a secret key that the sandbox was given, as a Bearer token. */
function authenticate(secret_keys: readonly string[], authorization = ''): void {
  const [scheme = '', key = ''] = authorization.split(' ', 2)
  if (/^bearer$/i.test(scheme) && secret_keys.includes(key)) return
  // Enough of the key to recognise one's own by, never enough to use it.
  const message = `Invalid API Key provided: ${key.slice(0, 8)}****. The sandbox takes only the test keys that it was given.`
  throw new Refusal(401, { type: 'invalid_request_error', message })
}

function read(incoming: FastifyRequest, reply: FastifyReply) {
  const id = `req_${randomText(14)}`
  const given = incoming.headers['idempotency-key']
  const key = incoming.method === 'POST' && typeof given === 'string' && given !== '' ? given : null
  reply.header('request-id', id).header('stripe-version', API_VERSION)
  reply.type('application/json')
  if (key !== null) reply.header('idempotency-key', key)
  const [path = '', query = ''] = incoming.url.split('?', 2)
  const { id: object_id = '' } = incoming.params as { id?: string }
  const { body } = incoming
  const form = body instanceof URLSearchParams ? body : decodeForm(incoming.method === 'GET' ? query : '')
  return { id, path, object_id, form, key, fingerprint: key === null ? '' : fingerprintOf(form) }
}

/**
 * The answer that is to be repeated, or undefined when the request is the first with its key. Refused, in order: a key
 * too long (400), a key whose first request still runs (409), another endpoint or other parameters (400).
 */
function recall({ core, inUse }: Api, request: Request, key: string): Remembered | undefined {
  const refuse = (status: number, message: string, more = {}): never => {
    throw new Refusal(status, { type: 'idempotency_error', message, ...more })
  }
  if (key.length > 255) refuse(400, 'Idempotency keys can be at most 255 characters long.')
  if (inUse.has(key))
    refuse(409, `The first request with the key ${key} still runs.`, { code: 'idempotency_key_in_use' })
  const remembered = core.store.recall(key, core.now_ms())
  if (remembered === undefined) return undefined
  if (remembered.target !== request.path || remembered.fingerprint !== request.fingerprint) {
    refuse(400, `The key ${key} was first used for ${remembered.target}; use it again only with the same parameters.`)
  }
  return remembered
}

function fingerprintOf(form: URLSearchParams): string {
  const sorted = new URLSearchParams(form)
  sorted.sort()
  return createHash('sha256').update(sorted.toString()).digest('base64url')
}

async function execute({ core, inUse }: Api, request: Request, fault: Fault | null, verb: Verb): Promise<Answer> {
  const { id: request_id, path: target, key, fingerprint } = request
  const cause = { id: request_id, idempotency_key: key }
  const remember = (tx: Tx, answer: Answer): Answer => {
    if (key !== null) tx.store.remember(key, tx.now_ms, { request_id, target, fingerprint, ...answer })
    return answer
  }
  if (key !== null) inUse.add(key)
  try {
    if (fault !== null && fault.delay_ms > 0) await core.pause(fault.delay_ms)
    return await core.act((tx) => remember(tx, fault?.fault === '500' ? FAILURE : run(tx, request, verb)), cause)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = { status: error.status, body: JSON.stringify({ error: error.body }) }
    // What the verb did is undone by now; a refusal by the state of an object is kept under its key all the same.
    return error.executed ? await core.act((tx) => remember(tx, answer), cause) : answer
  } finally {
    if (key !== null) inUse.delete(key)
  }
}

function run(tx: Tx, { form, object_id: id }: Request, verb: Verb): Answer {
  const params = new Params(form)
  const paths = params.texts('expand')
  const body = verb({ tx, id, params })
  return { status: 'error' in body ? 402 : 200, body: JSON.stringify(expand(tx, body, 'error' in body ? [] : paths)) }
}

const FAILED = { type: 'api_error', message: 'An unknown error occurred (ordered through the sandbox).' }
const FAILURE: Answer = { status: 500, body: JSON.stringify({ error: FAILED }) }
