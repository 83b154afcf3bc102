import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { acceptForms } from '../api/form.ts'
import { cardNamed } from '../cards.ts'
import { intentOf, payInSession, sessionAt } from '../checkout.ts'
import type { Core } from '../core.ts'
import { answerChallenge, sessionOf } from '../intent.ts'
import type { Intent, Session } from '../objects.ts'
import { asRefusal, type Report } from '../refusal.ts'
import { type CardInput, checkCard } from './card.ts'
import { cardPage, challengePage } from './card-page.ts'
import { type Bill, html, notice } from './html.ts'

const EMPTY: CardInput = { number: '', expiry: '', cvc: '' }
const ASSETS = [
  ['pay.css', 'text/css; charset=utf-8'],
  ['mark.svg', 'image/svg+xml'],
] as const

type OfSession = { Params: { session: string } }
type OfSecret = { Params: { secret: string } }

/** The pages that a buyer's browser sees: a Checkout Session's card form, the bank's question, and how it went. */
export function pageRoutes(core: Core, report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    acceptForms(app)
    app.setErrorHandler((error, _request, reply) => {
      const { status } = asRefusal(error)
      if (status >= 500) report(error)
      return send(reply, status, FAILED)
    })
    app.setNotFoundHandler((_request, reply) => send(reply, 404, NOTHING_HERE))
    app.get<OfSession>('/c/pay/:session', (request, reply) => show(core, request, reply))
    app.post<OfSession>('/c/pay/:session', (request, reply) => pay(core, request, reply))
    app.get<OfSecret>('/challenge/:secret', (request, reply) => showChallenge(core, request, reply))
    app.post<OfSecret>('/challenge/:secret', (request, reply) => answer(core, request, reply))
    for (const [name, type] of ASSETS) {
      const bytes = await readFile(new URL(name, import.meta.url))
      app.get(`/assets/${name}`, (_request, reply) =>
        reply.type(type).header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff').send(bytes),
      )
    }
  }
}

async function show(core: Core, request: FastifyRequest<OfSession>, reply: FastifyReply): Promise<FastifyReply> {
  const session = sessionNamed(core, request)
  if (session === null) return send(reply, 404, NOTHING_HERE)
  if (session.status === 'complete') return reply.redirect(wayOn(core, session) ?? '/', 303)
  return send(reply, 200, statePage(core, session) ?? form(core, session, EMPTY, {}), session.success_url)
}

async function pay(core: Core, request: FastifyRequest<OfSession>, reply: FastifyReply): Promise<FastifyReply> {
  const session = sessionNamed(core, request)
  if (session === null) return send(reply, 404, NOTHING_HERE)
  const here = `/c/pay/${session.id}`
  const { fill, ...input } = read(formOf(request))
  if (statePage(core, session) !== null) return reply.redirect(wayOn(core, session) ?? here, 303)
  if (fill !== null) return send(reply, 200, form(core, session, fill, {}), session.success_url)
  const checked = checkCard(input, new Date(core.now_ms()))
  if (checked.kind === 'invalid') {
    return send(reply, 422, form(core, session, input, checked.errors), session.success_url)
  }
  const { error } = core.act((tx) => payInSession(tx, session, checked.card.name))
  const now = core.act((tx) => sessionAt(tx, session.id)) ?? session
  if (error === null) return reply.redirect(wayOn(core, now) ?? here, 303)
  return send(reply, 402, form(core, now, input, {}), session.success_url)
}

async function showChallenge(core: Core, request: FastifyRequest<OfSecret>, reply: FastifyReply) {
  const intent = intentNamed(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  const { card, return_url } = core.store.hidden(intent.id)
  if (intent.status !== 'requires_action') return reply.redirect(afterChallenge(core, intent), 303)
  const last4 = cardNamed(card)?.number.slice(-4) ?? ''
  return send(reply, 200, challengePage(`/challenge/${intent.client_secret}`, intent, last4), return_url)
}

async function answer(core: Core, request: FastifyRequest<OfSecret>, reply: FastifyReply): Promise<FastifyReply> {
  const intent = intentNamed(core, request)
  if (intent === null) return send(reply, 404, NOTHING_HERE)
  if (intent.status !== 'requires_action') return reply.redirect(afterChallenge(core, intent), 303)
  const said = formOf(request).get('answer') === 'complete' ? 'complete' : 'fail'
  const outcome = core.act((tx) => answerChallenge(tx, intent, said))
  return reply.redirect(afterChallenge(core, outcome.intent), 303)
}

/** A session's buyer goes on from its page; anybody else to where the intent's confirmation said. */
function afterChallenge(core: Core, intent: Intent): string {
  const session = sessionOf(core, intent)
  if (session !== undefined) return wayOn(core, session) ?? `/c/pay/${session.id}`
  const url = URL.parse(core.store.hidden(intent.id).return_url ?? '')
  if (url === null) return '/'
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret)
  url.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed')
  return url.href
}

/** Where the buyer goes from a session's page by itself; null to stay. */
function wayOn(core: Core, session: Session): string | null {
  if (session.status === 'complete') return session.success_url.replace('{CHECKOUT_SESSION_ID}', session.id)
  const intent = intentOf(core, session)
  return intent?.status === 'requires_action' ? `/challenge/${intent.client_secret}` : null
}

/** The page of a session that takes no card at the moment; null when it does. */
function statePage(core: Core, session: Session): string | null {
  const bill = billOf(core, session)
  const back = session.cancel_url === null ? null : { url: session.cancel_url, label: 'Back to the shop' }
  if (session.status === 'complete') {
    const link = { url: wayOn(core, session) ?? '', label: 'Back to your tickets' }
    return notice({ title: 'Paid', text: 'The bank said yes. Your tickets are on their way.', bill, link })
  }
  if (session.status === 'expired') {
    const text = 'This payment page has expired, and nothing was taken. Go back to the shop to see what is the case.'
    return notice({ title: 'Too late to pay here', text, bill, link: back })
  }
  const intent = intentOf(core, session)
  if (intent?.status === 'processing') {
    const text = 'The bank is taking its time. You can wait here or close this page: nothing is lost.'
    const head = html`<meta http-equiv="refresh" content="2">`
    return notice({ title: 'One moment', text, bill, head })
  }
  if (intent?.status !== 'requires_action') return null
  const link = { url: `/challenge/${intent.client_secret}`, label: 'Answer it' }
  const text = 'It wants to know that it is you before it pays.'
  return notice({ title: 'Your bank has a question', text, bill, link })
}

function form(core: Core, session: Session, input: CardInput, errors: Partial<CardInput>): string {
  const intent = intentOf(core, session)
  return cardPage({
    action: `/c/pay/${session.id}`,
    bill: billOf(core, session),
    input,
    errors,
    refusal: intent === undefined ? null : refusalOf(intent),
    back_url: session.cancel_url,
  })
}

function billOf(core: Core, session: Session): Bill {
  const { intent_data } = core.store.hidden(session.id)
  const { amount_total: amount, currency } = session
  return { amount, currency, description: intent_data?.description ?? null }
}

const REFUSALS: ReadonlyMap<unknown, string> = new Map([
  ['insufficient_funds', 'There is not enough money on this card. Nothing was taken; try another one.'],
  ['expired_card', 'The bank says this card has expired. Nothing was taken; try another one.'],
  ['incorrect_cvc', 'The security code does not match the card. Nothing was taken; check it and try again.'],
  ['processing_error', 'The bank had a problem. Nothing was taken; try again in a moment.'],
  ['payment_intent_authentication_failure', 'The payment was not approved. Nothing was taken; try again.'],
])

/** Why the last try failed, in words that a buyer can act on; null when there was none. */
function refusalOf(intent: Intent): string | null {
  const error = intent.last_payment_error
  if (error === null) return null
  return (
    REFUSALS.get(error.decline_code ?? error.code) ??
    'The bank said no to this card. Nothing was taken; try another one.'
  )
}

function sessionNamed(core: Core, request: FastifyRequest<OfSession>): Session | null {
  return core.act((tx) => sessionAt(tx, request.params.session)) ?? null
}

function intentNamed(core: Core, request: FastifyRequest<OfSecret>): Intent | null {
  const { secret } = request.params
  const intent = core.store.get('payment_intents', secret.slice(0, secret.indexOf('_secret_')))
  return intent?.client_secret === secret ? intent : null
}

function formOf(request: FastifyRequest<OfSession> | FastifyRequest<OfSecret>): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
}

/** A pressed test card fills the form; without a script that takes a round trip. */
function read(form: URLSearchParams): CardInput & { fill: CardInput | null } {
  const [number = '', expiry = '', cvc = ''] = ['number', 'expiry', 'cvc'].map((name) => form.get(name) ?? '')
  const filled = form.get('fill')
  const year = String((new Date().getUTCFullYear() + 4) % 100)
  const fill = filled === null ? null : { number: filled, expiry: `12 / ${year}`, cvc: '123' }
  return { number, expiry, cvc, fill }
}

/** Nothing inline, nothing from elsewhere; a form may lead to us and on to where the buyer came from. */
function send(reply: FastifyReply, status: number, page: string, return_url: string | null = null): FastifyReply {
  const onward = return_url === null ? '' : ` ${new URL(return_url).origin}`
  const policy = `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'${onward}; base-uri 'none'; frame-ancestors 'none'`
  return reply
    .code(status)
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page)
}

const NOTHING_HERE = notice({
  title: 'Nothing to pay here',
  text: 'This payment link is not known. Go back to the shop and start the payment again.',
})
const FAILED = notice({
  title: 'That did not work',
  text: 'The test bank could not serve this request. Nothing was taken; go back and try once more.',
})
