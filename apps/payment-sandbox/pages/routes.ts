import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { decodeForm } from '../api/form.ts'
import { cardNamed } from '../cards.ts'
import type { Core } from '../core.ts'
import { answerChallenge, confirmIntent } from '../intent.ts'
import type { Intent } from '../objects.ts'
import { Refusal, type Report } from '../refusal.ts'
import { assetRoutes } from './assets.ts'
import { type CardInput, checkCard } from './card-check.ts'
import { cardPage } from './card-page.ts'
import { challengePage } from './challenge-page.ts'
import { notice } from './layout.ts'
import { backUrl, nextUrl, payUrl, sayRefusal, stateOf } from './outcome.ts'

const BODY_MAX_BYTES = 16 * 1024
const EMPTY: CardInput = { number: '', expiry: '', cvc: '' }

type BySecret = { Params: { secret: string } }

/** The pages that a buyer's browser sees: the card form, the bank's question, and how it went. */
export function pageRoutes(core: Core, report: Report): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const options = { parseAs: 'string', bodyLimit: BODY_MAX_BYTES } as const
    app.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) => done(null, body))
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof Refusal)) report(error)
      return send(reply, error instanceof Refusal ? error.status : 500, STUMBLED)
    })
    app.setNotFoundHandler((_request, reply) => send(reply, 404, NOTHING_HERE))
    app.get<BySecret>('/pay/:secret', (request, reply) => showCard(core, request, reply))
    app.post<BySecret>('/pay/:secret', (request, reply) => pay(core, request, reply))
    app.get<BySecret>('/pay/:secret/status', (request, reply) => showStatus(core, request, reply))
    app.get<BySecret>('/challenge/:secret', (request, reply) => showChallenge(core, request, reply))
    app.post<BySecret>('/challenge/:secret', (request, reply) => answer(core, request, reply))
    await assetRoutes(app)
  }
}

async function showCard(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  return send(reply, 200, stateOf(core.state, intent) ?? form(core, intent, EMPTY), intent, core)
}

/** Answers a browser's form with pages and our script with JSON; both say the same. */
async function pay(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  const wantsJson = request.headers.accept === 'application/json'
  const { fill, ...input } = read(request.body)
  if (fill !== null) return send(reply, 200, form(core, intent, fill), intent, core)
  if (stateOf(core.state, intent) !== null)
    return follow(reply, wantsJson, nextUrl(core.state, intent) ?? payUrl(intent))
  const checked = checkCard(input, new Date(core.now_ms()))
  if (checked.kind === 'invalid') {
    if (wantsJson) return reply.code(422).send(checked)
    const page = cardPage({
      intent,
      input,
      errors: checked.errors,
      refusal: null,
      back_url: backUrl(core.state, intent),
    })
    return send(reply, 422, page, intent, core)
  }
  const outcome = await core.act((tx) =>
    confirmIntent(tx, intent, { payment_method: checked.card.name, return_url: null, receipt_email: null }),
  )
  if (outcome.kind === 'settled') return follow(reply, wantsJson, nextUrl(core.state, outcome.intent) ?? payUrl(intent))
  const refusal = sayRefusal(outcome.intent)
  if (wantsJson) return reply.code(402).send({ kind: 'refused', refusal })
  return send(reply, 402, form(core, outcome.intent, input), intent, core)
}

async function showStatus(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  return intent === null ? send(reply, 404, NOTHING_HERE) : reply.send({ url: nextUrl(core.state, intent) })
}

async function showChallenge(
  core: Core,
  request: FastifyRequest<BySecret>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  if (intent.status !== 'requires_action') return reply.redirect(nextUrl(core.state, intent) ?? payUrl(intent), 303)
  const card = cardNamed(core.state.backstage.get(intent.id)?.card ?? '')
  return send(reply, 200, challengePage(intent, card?.number.slice(-4) ?? ''), intent, core)
}

async function answer(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  const said = typeof request.body === 'string' ? decodeForm(request.body)['answer'] : undefined
  if (intent.status !== 'requires_action') return reply.redirect(nextUrl(core.state, intent) ?? payUrl(intent), 303)
  const outcome = await core.act((tx) => answerChallenge(tx, intent, said === 'complete' ? 'complete' : 'fail'))
  return reply.redirect(nextUrl(core.state, outcome.intent) ?? payUrl(intent), 303)
}

function follow(reply: FastifyReply, wantsJson: boolean, url: string): FastifyReply {
  return wantsJson ? reply.send({ kind: 'redirect', url }) : reply.redirect(url, 303)
}

function form(core: Core, intent: Intent, input: CardInput): string {
  return cardPage({ intent, input, errors: {}, refusal: sayRefusal(intent), back_url: backUrl(core.state, intent) })
}

function intentOf(core: Core, request: FastifyRequest<BySecret>): Intent | null {
  const { secret } = request.params
  const intent = core.state.intents.get(secret.slice(0, secret.indexOf('_secret_')))
  return intent?.client_secret === secret ? intent : null
}

/** A pressed test card fills the form; without our script that takes a round trip. */
function read(body: unknown): CardInput & { fill: CardInput | null } {
  const fields = typeof body === 'string' ? decodeForm(body) : {}
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '')
  const filled = text('fill')
  const year = String((new Date().getUTCFullYear() + 4) % 100)
  return {
    number: text('number'),
    expiry: text('expiry'),
    cvc: text('cvc'),
    fill: filled === '' ? null : { number: filled, expiry: `12 / ${year}`, cvc: '123' },
  }
}

/** Nothing inline, nothing from elsewhere; a form may lead to us and on to where the buyer came from. */
function send(reply: FastifyReply, status: number, page: string, intent?: Intent, core?: Core): FastifyReply {
  const return_url = intent === undefined ? null : (core?.state.backstage.get(intent.id)?.return_url ?? null)
  const onward = return_url === null ? '' : ` ${new URL(return_url).origin}`
  return reply
    .code(status)
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'${onward}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page)
}

const NOTHING_HERE = notice({
  title: 'Nothing to pay here',
  text: 'This payment link is not known. Go back to the shop and start the payment again.',
  intent: null,
  tone: 'bad',
  link: null,
})
const STUMBLED = notice({
  title: 'That did not work',
  text: 'The test bank stumbled over this request. Nothing was taken; go back and try once more.',
  intent: null,
  tone: 'bad',
  link: null,
})
