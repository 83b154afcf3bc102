import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Core } from '../core.ts'
import type { Fault } from '../faults.ts'
import { randomText } from '../ids.ts'
import { API_VERSION } from '../objects.ts'
import { Refusal, type Report } from '../refusal.ts'
import type { Remembered } from '../store.ts'
import type { Tx } from '../transaction.ts'
import { authenticate } from './authenticate.ts'
import { ENDPOINTS } from './endpoints.ts'
import { decodeForm, emptyForm, type Form } from './form.ts'
import { Params } from './params.ts'
import { expand } from './read.ts'
import type { Verb } from './verb.ts'

type Answer = { status: number; body: string }
type Request = { id: string; path: string; object_id: string; form: Form; key: string | null }

const BODY_MAX_BYTES = 1024 * 1024
const KEY_MAX = 255

/** The part of Stripe's API that Tessera uses, under `/v1`, for the holders of these keys. */
export function apiRoutes(
  core: Core,
  secret_keys: readonly string[],
  report: Report,
): (app: FastifyInstance) => Promise<void> {
  const inUse = new Set<string>()
  return async (app) => {
    app.removeAllContentTypeParsers()
    const options = { parseAs: 'string', bodyLimit: BODY_MAX_BYTES } as const
    app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => done(null, body))
    for (const [method, url, verb] of ENDPOINTS) {
      app.route({
        method,
        url,
        handler: (incoming, reply) => {
          const request = read(incoming, reply)
          authenticate(core.store, secret_keys, incoming.headers.authorization, request)
          return serve(core, inUse, incoming, reply, request, verb)
        },
      })
    }
    app.setNotFoundHandler((request, reply) => {
      const message = `Unrecognized request URL (${request.method}: ${request.url}). The sandbox speaks a part of the API: see its README.`
      return reply.code(404).send({ error: { type: 'invalid_request_error', message } })
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
async function serve(
  core: Core,
  inUse: Set<string>,
  incoming: FastifyRequest,
  reply: FastifyReply,
  request: Request,
  verb: Verb,
): Promise<unknown> {
  const fault = core.faults.take(incoming.method, request.path)
  if (fault?.fault === '429') {
    const message = 'Request rate limit exceeded (ordered through the sandbox).'
    throw new Refusal(429, { type: 'invalid_request_error', code: 'rate_limit', message })
  }
  const fingerprint = request.key === null ? '' : fingerprintOf(request.form)
  const remembered = request.key === null ? undefined : recall(core, inUse, request.key, request.path, fingerprint)
  const answer = remembered ?? (await execute(core, inUse, request, fingerprint, fault, verb))
  if (remembered !== undefined) {
    reply.header('idempotent-replayed', 'true').header('original-request', remembered.request_id)
  }
  if (answer.status >= 500) reply.header('stripe-should-retry', 'false')
  return swallow(incoming, reply, fault) ? reply : reply.code(answer.status).send(answer.body)
}

function read(incoming: FastifyRequest, reply: FastifyReply): Request {
  const id = `req_${randomText(14)}`
  const version = incoming.headers['stripe-version']
  const given = incoming.headers['idempotency-key']
  const isPost = incoming.method === 'POST'
  const key = isPost && typeof given === 'string' && given !== '' ? given : null
  reply.header('request-id', id).header('stripe-version', typeof version === 'string' ? version : API_VERSION)
  reply.type('application/json')
  if (key !== null) reply.header('idempotency-key', key)
  const [path = '', query = ''] = incoming.url.split('?', 2)
  const { id: object_id = '' } = incoming.params as { id?: string }
  const text = isPost ? incoming.body : query
  return { id, path, object_id, form: typeof text === 'string' ? decode(text) : emptyForm(), key }
}

function decode(text: string): Form {
  try {
    return decodeForm(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Refusal(400, { type: 'invalid_request_error', message: `${error.message}.` })
  }
}

/**
 * The answer that is to be repeated, or undefined when the request is the first with its key. Refused, in order: a key
 * too long (400), a key whose first request still runs (409), another endpoint or other parameters (400).
 */
function recall(
  core: Core,
  inUse: ReadonlySet<string>,
  key: string,
  target: string,
  fingerprint: string,
): Remembered | undefined {
  const refuse = (status: number, message: string, more = {}): never => {
    throw new Refusal(status, { type: 'idempotency_error', message, ...more })
  }
  if (key.length > KEY_MAX) refuse(400, `Idempotency keys can be at most ${KEY_MAX} characters long.`)
  if (inUse.has(key)) {
    const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
    refuse(409, message, { code: 'idempotency_key_in_use' })
  }
  const remembered = core.store.recall(key, core.now_ms())
  const hint = `Try using a key other than '${key}' if you meant to execute a different request.`
  if (remembered !== undefined && remembered.target !== target) {
    const both = `('${remembered.target}' vs '${target}')`
    const rule = 'Keys for idempotent requests can only be used for the same endpoint they were first used for'
    refuse(400, `${rule} ${both}. ${hint}`)
  }
  if (remembered !== undefined && remembered.fingerprint !== fingerprint) {
    const rule = 'Keys for idempotent requests can only be used with the same parameters they were first used with'
    refuse(400, `${rule}. ${hint}`)
  }
  return remembered
}

/** One value for all spellings of the same parameters: names are ordered at every level. */
function fingerprintOf(form: Form): string {
  const ordered = (group: Form): unknown =>
    Object.keys(group)
      .sort()
      .map((name) => {
        const value = group[name]
        return [name, typeof value === 'object' ? ordered(value) : value]
      })
  return createHash('sha256')
    .update(JSON.stringify(ordered(form)))
    .digest('base64url')
}

async function execute(
  core: Core,
  inUse: Set<string>,
  request: Request,
  fingerprint: string,
  fault: Fault | null,
  verb: Verb,
): Promise<Answer> {
  const { id: request_id, path: target, key } = request
  const cause = { id: request_id, idempotency_key: key }
  const remember = (tx: Tx, answer: Answer): Answer => {
    if (key !== null) tx.store.remember(key, tx.now_ms, { request_id, target, fingerprint, ...answer })
    return answer
  }
  if (key !== null) inUse.add(key)
  try {
    if (fault !== null && fault.delay_ms > 0) await core.pause(fault.delay_ms)
    if (fault?.fault === '500') return core.act((tx) => remember(tx, FAILURE), cause)
    return core.act((tx) => remember(tx, run(tx, request, verb)), cause)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const answer = { status: error.status, body: JSON.stringify({ error: error.body }) }
    // What the verb did is undone by now; a refusal by the state of an object is kept under its key all the same.
    return error.executed ? core.act((tx) => remember(tx, answer), cause) : answer
  } finally {
    if (key !== null) inUse.delete(key)
  }
}

function run(tx: Tx, request: Request, verb: Verb): Answer {
  const form = Object.assign(emptyForm(), request.form)
  const paths = new Params(form).texts('expand')
  delete form['expand']
  const reply = verb({ tx, id: request.object_id, params: new Params(form) })
  if (reply.kind === 'declined') return { status: 402, body: JSON.stringify({ error: reply.error }) }
  return { status: 200, body: JSON.stringify(expand(tx, reply.body, paths)) }
}

/** True when a fault keeps the answer back: for ever, or together with the connection. */
function swallow(incoming: FastifyRequest, reply: FastifyReply, fault: Fault | null): boolean {
  if (fault?.fault !== 'timeout-after-success' && fault?.fault !== 'drop-response') return false
  reply.hijack()
  if (fault.fault === 'drop-response') incoming.raw.socket.destroy()
  return true
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const say = (code: number, message: string): Refusal =>
    new Refusal(code, { type: code < 500 ? 'invalid_request_error' : 'api_error', message })
  if (status === 415) {
    return say(400, 'Invalid request (check that your POST content type is application/x-www-form-urlencoded).')
  }
  return status >= 400 && status < 500
    ? say(status, 'The request could not be read.')
    : say(500, 'The sandbox failed. Its log says why.')
}

const FAILURE: Answer = {
  status: 500,
  body: JSON.stringify({
    error: { type: 'api_error', message: 'An unknown error occurred (ordered through the sandbox).' },
  }),
}
