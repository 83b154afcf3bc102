import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { acceptForms } from '../api/form.ts'
import { cardNamed } from '../cards.ts'
import { intentOf, payInSession, sessionAt } from '../checkout.ts'
import type { Core } from '../core.ts'
import { answerChallenge, sessionOf } from '../intent.ts'
import type { Intent, Session } from '../objects.ts'
import { asRefusal, missing, type Report } from '../refusal.ts'
import { type CardInput, checkCard } from './card.ts'
import { cardPage, challengePage } from './card-page.ts'
import { type Bill, html, notice } from './html.ts'

const ASSETS = [
  ['pay.css', 'text/css; charset=utf-8'],
  ['mark.svg', 'image/svg+xml'],
] as const

/** What a page's form has sent; a body that is no form counts as an empty one. */
type Sent = { Params: { id: string }; Body: URLSearchParams | undefined }

/** The pages that a buyer's browser sees: a Checkout Session's card form, the bank's challenge, and the outcome. */
export function pageRoutes(core: Core, report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    acceptForms(app)
    app.setErrorHandler((error, _request, reply) => {
      const { status } = asRefusal(error)
      if (status >= 500) report(error)
      return send(reply, status, status === 404 ? NOTHING_HERE : FAILED)
    })
    app.setNotFoundHandler((_request, reply) => send(reply, 404, NOTHING_HERE))
    app.get<Sent>('/c/pay/:id', ({ params }, reply) => showSession(core, params.id, reply))
    app.post<Sent>('/c/pay/:id', ({ params, body }, reply) =>
      pay(core, params.id, body ?? new URLSearchParams(), reply),
    )
    app.get<Sent>('/challenge/:id', ({ params }, reply) => showChallenge(core, params.id, reply))
    app.post<Sent>('/challenge/:id', ({ params, body }, reply) => answer(core, params.id, body?.get('answer'), reply))
    for (const [name, type] of ASSETS) {
      const bytes = await readFile(new URL(name, import.meta.url))
      app.get(`/assets/${name}`, (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(bytes))
    }
  }
}

function showSession(core: Core, id: string, reply: FastifyReply): FastifyReply {
  const session = sessionNamed(core, id)
  if (session.status === 'complete') return reply.redirect(successOf(session), 303)
  return send(reply, 200, statePage(core, session) ?? form(core, session), session.success_url)
}

function pay(core: Core, id: string, body: URLSearchParams, reply: FastifyReply): FastifyReply {
  const session = sessionNamed(core, id)
  if (statePage(core, session) !== null) return reply.redirect(nextOf(core, session), 303)
  const fill = body.get('fill')
  if (fill !== null) return send(reply, 200, form(core, session, filled(fill)), session.success_url)
  const [number = '', expiry = '', cvc = ''] = ['number', 'expiry', 'cvc'].map((name) => body.get(name) ?? '')
  const input = { number, expiry, cvc }
  const checked = checkCard(input, new Date(core.now_ms()))
  if (checked.kind === 'invalid') {
    return send(reply, 422, form(core, session, input, checked.errors), session.success_url)
  }
  const { error } = core.act((tx) => payInSession(tx, session, checked.card.name))
  const now = sessionNamed(core, id)
  if (error === null) return reply.redirect(nextOf(core, now), 303)
  return send(reply, 402, form(core, now, input), session.success_url)
}

function showChallenge(core: Core, secret: string, reply: FastifyReply): FastifyReply {
  const intent = intentNamed(core, secret)
  const { card, return_url } = core.store.hidden(intent.id)
  if (intent.status !== 'requires_action') return reply.redirect(afterChallenge(core, intent), 303)
  const last4 = cardNamed(card)?.number.slice(-4) ?? ''
  return send(reply, 200, challengePage(`/challenge/${secret}`, intent, last4), return_url)
}

function answer(core: Core, secret: string, given: string | null | undefined, reply: FastifyReply): FastifyReply {
  let intent = intentNamed(core, secret)
  if (intent.status === 'requires_action') {
    const said = given === 'complete' ? 'complete' : 'fail'
    intent = core.act((tx) => answerChallenge(tx, intent, said)).intent
  }
  return reply.redirect(afterChallenge(core, intent), 303)
}

/** A session's buyer goes on from its page; anybody else to where the intent's confirmation said. */
function afterChallenge(core: Core, intent: Intent): string {
  const session = sessionOf(core, intent)
  if (session !== undefined) return nextOf(core, session)
  const url = URL.parse(core.store.hidden(intent.id).return_url ?? '')
  if (url === null) return '/'
  url.searchParams.set('payment_intent', intent.id)
  url.searchParams.set('payment_intent_client_secret', intent.client_secret)
  url.searchParams.set('redirect_status', intent.status === 'succeeded' ? 'succeeded' : 'failed')
  return url.href
}

/** Where the buyer of a session goes next: to the shop, to the bank's challenge, or to the session's page. */
function nextOf(core: Core, session: Session): string {
  if (session.status === 'complete') return successOf(session)
  const intent = intentOf(core, session)
  return intent?.status === 'requires_action' ? `/challenge/${intent.client_secret}` : `/c/pay/${session.id}`
}

function successOf(session: Session): string {
  return session.success_url.replace('{CHECKOUT_SESSION_ID}', session.id)
}

/** The page of a session that takes no card at the moment; null when it does. */
function statePage(core: Core, session: Session): string | null {
  const bill = billOf(core, session)
  if (session.status === 'complete') return notice({ title: 'Paid', text: 'The bank has accepted the payment.', bill })
  if (session.status === 'expired') {
    const link = session.cancel_url === null ? null : { url: session.cancel_url, label: 'Back to the shop' }
    const text = 'This payment page has expired, and nothing was taken. Go back to the shop to start again.'
    return notice({ title: 'Payment page expired', text, bill, link })
  }
  const intent = intentOf(core, session)
  if (intent?.status === 'processing') {
    const text = 'The bank is taking its time. You can wait here or close this page: nothing is lost.'
    return notice({ title: 'One moment', text, bill, head: html`<meta http-equiv="refresh" content="2">` })
  }
  if (intent?.status !== 'requires_action') return null
  const link = { url: nextOf(core, session), label: 'Answer it' }
  return notice({ title: 'Your bank has a question', text: 'It wants your approval before it pays.', bill, link })
}

const EMPTY: CardInput = { number: '', expiry: '', cvc: '' }

function form(core: Core, session: Session, input = EMPTY, errors: Partial<CardInput> = {}): string {
  const action = `/c/pay/${session.id}`
  const refusal = refusalOf(intentOf(core, session)?.last_payment_error ?? null)
  return cardPage({ action, bill: billOf(core, session), input, errors, refusal, back_url: session.cancel_url })
}

/** A pressed test card fills the form; without a script that takes a round trip. */
function filled(number: string): CardInput {
  return { number, expiry: `12 / ${(new Date().getUTCFullYear() + 4) % 100}`, cvc: '123' }
}

function billOf(core: Core, session: Session): Bill {
  const { intent_data } = core.store.hidden(session.id)
  return { amount: session.amount_total, currency: session.currency, description: intent_data?.description ?? null }
}

const REFUSALS: ReadonlyMap<string | undefined, string> = new Map([
  ['insufficient_funds', 'There is not enough money on this card. Nothing was taken; try another one.'],
  ['expired_card', 'The bank says this card has expired. Nothing was taken; try another one.'],
  ['incorrect_cvc', 'The security code does not match the card. Nothing was taken; check it and try again.'],
  ['processing_error', 'The bank had a problem. Nothing was taken; try again in a moment.'],
  ['payment_intent_authentication_failure', 'The payment was not approved. Nothing was taken; try again.'],
])

/** Why the last try failed, in words that a buyer can act on; null when there was none. */
function refusalOf(error: Intent['last_payment_error']): string | null {
  if (error === null) return null
  const said = REFUSALS.get(error.decline_code ?? error.code)
  return said ?? 'The bank said no to this card. Nothing was taken; try another one.'
}

function sessionNamed(core: Core, id: string): Session {
  const session = core.act((tx) => sessionAt(tx, id))
  if (session === undefined) throw missing('checkout.session', id, 'id', 404)
  return session
}

function intentNamed(core: Core, secret: string): Intent {
  const intent = core.store.get('payment_intents', secret.slice(0, secret.indexOf('_secret_')))
  if (intent?.client_secret !== secret) throw missing('payment_intent', 'of this secret', 'id', 404)
  return intent
}

/** Nothing inline, nothing from elsewhere; a form may lead to us and on to where the buyer came from. */
function send(reply: FastifyReply, status: number, page: string, return_url: string | null = null): FastifyReply {
  const onward = return_url === null ? '' : ` ${new URL(return_url).origin}`
  const policy = `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'${onward}; base-uri 'none'; frame-ancestors 'none'`
  const headers = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }
  reply.code(status).headers(headers).header('content-security-policy', policy)
  return reply.type('text/html; charset=utf-8').send(page)
}

const NOTHING_HERE = notice({
  title: 'Nothing to pay here',
  text: 'This payment link is not known. Go back to the shop and start the payment again.',
})
const FAILED = notice({
  title: 'That did not work',
  text: 'The test bank could not serve this request. Nothing was taken; go back and try once more.',
})
