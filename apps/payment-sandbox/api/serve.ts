import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core.ts'
import type { Fault } from '../faults.ts'
import { randomText } from '../ids.ts'
import { API_VERSION } from '../objects.ts'
import { asRefusal, Refusal, type Report } from '../refusal.ts'
import type { Remembered } from '../store.ts'
import type { Tx } from '../transaction.ts'
import { authenticate } from './authenticate.ts'
import { ENDPOINTS, type Verb } from './endpoints.ts'
import { acceptForms, decodeForm } from './form.ts'
import { Params } from './params.ts'
import { expand } from './read.ts'

type Answer = { status: number; body: string }
type Request = {
  id: string
  path: string
  object_id: string
  form: URLSearchParams
  /** The `Idempotency-Key`, and one value for all spellings of the same parameters. */
  key: string | null
  fingerprint: string
}

/** `inUse` are the keys whose first request still runs. */
type Api = { core: Core; secret_keys: readonly string[]; inUse: Set<string> }

const KEY_MAX = 255

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
      const message = `Unrecognized request URL (${request.method}: ${request.url}). The sandbox speaks a part of the API: see its README.`
      throw new Refusal(404, { type: 'invalid_request_error', message })
    })
    app.setErrorHandler((error, _request, reply) => {
      const { status, body } = asRefusal(error)
      if (status >= 500) report(error)
      return reply.code(status).type('application/json').send({ error: body })
    })
  }
}

/**
 * The way of every API request. In order: credentials, an ordered 429, the idempotency key, an ordered delay or 500,
 * the verb and its commit, and at last the answer or the fault that swallows it.
 */
async function serve(api: Api, incoming: FastifyRequest, reply: FastifyReply, verb: Verb): Promise<unknown> {
  const request = read(incoming, reply)
  authenticate(api.core.store, api.secret_keys, incoming.headers.authorization, request)
  const fault = api.core.faults.take(incoming.method, request.path)
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

function read(incoming: FastifyRequest, reply: FastifyReply): Request {
  const id = `req_${randomText(14)}`
  const version = incoming.headers['stripe-version']
  const given = incoming.headers['idempotency-key']
  const key = incoming.method === 'POST' && typeof given === 'string' && given !== '' ? given : null
  reply.header('request-id', id).header('stripe-version', typeof version === 'string' ? version : API_VERSION)
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
  if (key.length > KEY_MAX) refuse(400, `Idempotency keys can be at most ${KEY_MAX} characters long.`)
  if (inUse.has(key)) {
    const message = `There is currently another in-progress request using this Idempotent Key: ${key}. Please try again later.`
    refuse(409, message, { code: 'idempotency_key_in_use' })
  }
  const remembered = core.store.recall(key, core.now_ms())
  if (remembered === undefined) return undefined
  const rule = 'Keys for idempotent requests can only be used'
  if (remembered.target !== request.path) {
    refuse(400, `${rule} for the same endpoint they were first used for (${remembered.target}): ${key}.`)
  }
  if (remembered.fingerprint !== request.fingerprint) {
    refuse(400, `${rule} with the same parameters they were first used with: ${key}.`)
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
    return core.act((tx) => remember(tx, fault?.fault === '500' ? FAILURE : run(tx, request, verb)), cause)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = { status: error.status, body: JSON.stringify({ error: error.body }) }
    // What the verb did is undone by now; a refusal by the state of an object is kept under its key all the same.
    return error.executed ? core.act((tx) => remember(tx, answer), cause) : answer
  } finally {
    if (key !== null) inUse.delete(key)
  }
}

function run(tx: Tx, { form, object_id: id }: Request, verb: Verb): Answer {
  const params = new Params(form)
  const paths = params.texts('expand')
  const reply = verb({ tx, id, params })
  if (reply.kind === 'declined') return { status: 402, body: JSON.stringify({ error: reply.error }) }
  return { status: 200, body: JSON.stringify(expand(tx, reply.body, paths)) }
}

const FAILURE: Answer = {
  status: 500,
  body: JSON.stringify({
    error: { type: 'api_error', message: 'An unknown error occurred (ordered through the sandbox).' },
  }),
}
