import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { decodeForm } from '../api/form.ts'
import { cardNamed } from '../cards.ts'
import type { Core } from '../core.ts'
import { answerChallenge, confirmIntent } from '../intent.ts'
import type { Intent } from '../objects.ts'
import { Refusal, type Report } from '../refusal.ts'
import { type CardInput, checkCard } from './card-check.ts'
import { cardPage } from './card-page.ts'
import { challengePage } from './challenge-page.ts'
import { html } from './html.ts'
import { notice } from './layout.ts'

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
    app.get<BySecret>('/pay/:secret/status', (request) => ({ url: nextUrl(core, intentOf(core, request)) }))
    app.get<BySecret>('/challenge/:secret', (request, reply) => showChallenge(core, request, reply))
    app.post<BySecret>('/challenge/:secret', (request, reply) => answer(core, request, reply))
    await assetRoutes(app)
  }
}

async function showCard(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  return send(reply, 200, stateOf(core, intent) ?? form(core, intent, EMPTY), intent, core)
}

/** Answers a browser's form with pages and our script with JSON; both say the same. */
async function pay(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  const wantsJson = request.headers.accept === 'application/json'
  const { fill, ...input } = read(request.body)
  if (fill !== null) return send(reply, 200, form(core, intent, fill), intent, core)
  if (stateOf(core, intent) !== null) return follow(reply, wantsJson, nextUrl(core, intent) ?? payUrl(intent))
  const checked = checkCard(input, new Date(core.now_ms()))
  if (checked.kind === 'invalid') {
    if (wantsJson) return reply.code(422).send(checked)
    const page = cardPage({ intent, input, errors: checked.errors, refusal: null, back_url: backUrl(core, intent) })
    return send(reply, 422, page, intent, core)
  }
  const outcome = await core.act((tx) =>
    confirmIntent(tx, intent, { payment_method: checked.card.name, return_url: null, receipt_email: null }),
  )
  if (outcome.kind === 'settled') return follow(reply, wantsJson, nextUrl(core, outcome.intent) ?? payUrl(intent))
  const refusal = sayRefusal(outcome.intent)
  if (wantsJson) return reply.code(402).send({ kind: 'refused', refusal })
  return send(reply, 402, form(core, outcome.intent, input), intent, core)
}

async function showChallenge(
  core: Core,
  request: FastifyRequest<BySecret>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  if (intent.status !== 'requires_action') return reply.redirect(nextUrl(core, intent) ?? payUrl(intent), 303)
  const card = cardNamed(core.state.backstage.get(intent.id)?.card ?? '')
  return send(reply, 200, challengePage(intent, card?.number.slice(-4) ?? ''), intent, core)
}

async function answer(core: Core, request: FastifyRequest<BySecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentOf(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  const said = typeof request.body === 'string' ? decodeForm(request.body)['answer'] : undefined
  if (intent.status !== 'requires_action') return reply.redirect(nextUrl(core, intent) ?? payUrl(intent), 303)
  const outcome = await core.act((tx) => answerChallenge(tx, intent, said === 'complete' ? 'complete' : 'fail'))
  return reply.redirect(nextUrl(core, outcome.intent) ?? payUrl(intent), 303)
}

function follow(reply: FastifyReply, wantsJson: boolean, url: string): FastifyReply {
  return wantsJson ? reply.send({ kind: 'redirect', url }) : reply.redirect(url, 303)
}

/** The page of an intent that takes no card at the moment; null when it does. */
function stateOf(core: Core, intent: Intent): string | null {
  const url = backUrl(core, intent)
  const link = url === null ? null : { url: nextUrl(core, intent) ?? url, label: 'Back to your tickets' }
  switch (intent.status) {
    case 'succeeded':
      return notice({
        title: 'Paid',
        text: 'The bank said yes. Your tickets are on their way.',
        intent,
        tone: 'good',
        link,
      })
    case 'canceled':
      return notice({
        title: 'Called off',
        text: 'This payment was cancelled. Nothing was taken.',
        intent,
        tone: 'bad',
        link,
      })
    case 'processing': {
      const text = 'The bank is taking its time. You can wait here or close this page: nothing is lost.'
      const head = html`<noscript><meta http-equiv="refresh" content="3"></noscript><meta name="waiting" data-waiting="/pay/${intent.client_secret}/status">`
      return notice({ title: 'One moment', text, intent, tone: 'quiet', link: null, head })
    }
    case 'requires_action':
      return notice({
        title: 'Your bank has a question',
        text: 'It wants to know that it is you before it pays.',
        intent,
        tone: 'quiet',
        link: { url: `/challenge/${intent.client_secret}`, label: 'Answer it' },
      })
    default:
      return null
  }
}

function form(core: Core, intent: Intent, input: CardInput): string {
  return cardPage({ intent, input, errors: {}, refusal: sayRefusal(intent), back_url: backUrl(core, intent) })
}

/** Why the last try failed, in words that a buyer can act on; null when there was none. */
function sayRefusal(intent: Intent): string | null {
  const error = intent.last_payment_error
  if (error === null) return null
  switch (error.decline_code ?? error.code) {
    case 'insufficient_funds':
      return 'There is not enough money on this card. Nothing was taken; try another one.'
    case 'expired_card':
      return 'The bank says this card has expired. Nothing was taken; try another one.'
    case 'incorrect_cvc':
      return 'The security code does not match the card. Nothing was taken; check it and try again.'
    case 'processing_error':
      return 'The bank stumbled. Nothing was taken; try again in a moment.'
    case 'payment_intent_authentication_failure':
      return 'The payment was not approved. Nothing was taken; try again or use another card.'
    default:
      return 'The bank said no to this card. Nothing was taken; try another one.'
  }
}

/** Where the buyer goes from here; null when he stays. */
function nextUrl(core: Core, intent: Intent | null): string | null {
  switch (intent?.status) {
    case 'succeeded':
      return returnUrl(core, intent, 'succeeded')
    case 'processing':
      return null
    case 'requires_action':
      return `/challenge/${intent.client_secret}`
    case 'requires_payment_method':
      return intent.last_payment_error === null ? null : (returnUrl(core, intent, 'failed') ?? payUrl(intent))
    case 'canceled':
      return returnUrl(core, intent, 'canceled')
    default:
      return null
  }
}

function backUrl(core: Core, intent: Intent): string | null {
  return returnUrl(core, intent, 'canceled')
}

function returnUrl(core: Core, intent: Intent, redirect_status: 'succeeded' | 'failed' | 'canceled'): string | null {
  const return_url = core.state.backstage.get(intent.id)?.return_url ?? null
  if (return_url === null) return null
  const url = new URL(return_url)
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret ?? '')
  url.searchParams.set('redirect_status', redirect_status)
  return url.href
}

function payUrl(intent: Intent): string {
  return `/pay/${intent.client_secret}`
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

async function assetRoutes(app: FastifyInstance): Promise<void> {
  for (const [name, type, url] of ASSETS) {
    const bytes = await readFile(fileURLToPath(url)).catch(() => null)
    // Without the fonts the pages use the system's.
    if (bytes === null) continue
    const age = type === 'font/woff2' ? 'public, max-age=31536000, immutable' : 'no-cache'
    app.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', age).header('x-content-type-options', 'nosniff').send(bytes),
    )
  }
}

const here = (name: string): URL => new URL(name, import.meta.url)
const font = (name: string): URL => new URL(`../../../node_modules/@fontsource-variable/${name}.woff2`, import.meta.url)
const ASSETS: readonly (readonly [string, string, URL])[] = [
  ['pay.css', 'text/css; charset=utf-8', here('pay.css')],
  ['pay.js', 'text/javascript; charset=utf-8', here('pay.js')],
  ['mark.svg', 'image/svg+xml', here('mark.svg')],
  ['geist.woff2', 'font/woff2', font('geist/files/geist-latin-wght-normal')],
  ['geist-ext.woff2', 'font/woff2', font('geist/files/geist-latin-ext-wght-normal')],
  ['bricolage.woff2', 'font/woff2', font('bricolage-grotesque/files/bricolage-grotesque-latin-wdth-normal')],
  ['bricolage-ext.woff2', 'font/woff2', font('bricolage-grotesque/files/bricolage-grotesque-latin-ext-wdth-normal')],
]

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
