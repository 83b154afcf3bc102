import { readFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { acceptForms } from '../api/params.ts'
import { type Card, cardNamed, cardNumbered } from '../cards.ts'
import { intentOf, payInSession, sessionAt } from '../checkout.ts'
import type { Core } from '../core.ts'
import { answerChallenge, sessionOf } from '../intent.ts'
import type { Intent, Session } from '../objects.ts'
import { missing, onRefusal, type Report } from '../refusal.ts'
import { type Bill, html, page, priceOf } from './html.ts'

const ASSETS = { 'pay.css': 'text/css; charset=utf-8', 'mark.svg': 'image/svg+xml' }

/** The cards that the page offers to fill in, until 2040, and what they do. */
const OFFERED = [
  ['4242 4242 4242 4242', '● Goes through'],
  ['4000 0025 0000 3155', '◌ Asks you first'],
  ['4000 0000 0000 0002', '✕ Declined'],
  ['4000 0000 0000 9995', '✕ No funds'],
] as const

/** A body that is no form counts as an empty one. */
type Sent = { Params: { id: string }; Querystring: { card?: string }; Body: URLSearchParams | undefined }
type Typed = { number: string; expiry: string; cvc: string }

/** The pages that a buyer's browser sees, without any script: a Checkout Session's card form and the bank's question. */
export function pageRoutes(core: Core, report: Report) {
  return async (app: FastifyInstance): Promise<void> => {
    acceptForms(app)
    onRefusal(app, report, (reply, { status }) => send(reply, status === 404 ? UNKNOWN : FAILED))
    app.setNotFoundHandler((_request, reply) => send(reply.code(404), UNKNOWN))
    app.get<Sent>('/c/pay/:id', async ({ params, query: { card = '' } }, reply) => {
      const typed = { number: card, expiry: card && '12 / 40', cvc: card && '123' }
      return showSession(core, await sessionNamed(core, params.id), reply, typed)
    })
    app.post<Sent>('/c/pay/:id', ({ params, body }, reply) => pay(core, params.id, body, reply))
    app.get<Sent>('/challenge/:id', ({ params }, reply) => showChallenge(core, params.id, reply))
    app.post<Sent>('/challenge/:id', async ({ params, body }, reply) => {
      let intent = intentNamed(core, params.id)
      if (intent.status === 'requires_action') {
        const answer = body?.get('answer') === 'complete' ? 'complete' : 'fail'
        intent = await core.act((tx) => answerChallenge(tx, intent, answer))
      }
      return reply.redirect(afterChallenge(core, intent), 303)
    })
    for (const [name, type] of Object.entries(ASSETS)) {
      const bytes = await readFile(new URL(name, import.meta.url))
      app.get(`/assets/${name}`, (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(bytes))
    }
  }
}

async function pay(core: Core, id: string, body: Sent['Body'], reply: FastifyReply): Promise<FastifyReply> {
  const session = await sessionNamed(core, id)
  if (!takesCards(core, session)) return reply.redirect(nextOf(core, session), 303)
  const [number = '', expiry = '', cvc = ''] = ['number', 'expiry', 'cvc'].map((name) => body?.get(name) ?? '')
  const typed = { number, expiry, cvc }
  const card = cardTyped(typed, core.now_ms())
  if (typeof card === 'string') return showSession(core, session, reply.code(422), typed, card)
  const { last_payment_error: error } = await core.act((tx) => payInSession(tx, session, card.name))
  const next = await sessionNamed(core, id)
  if (error !== null) return showSession(core, next, reply.code(402), typed, error.message)
  return reply.redirect(nextOf(core, next), 303)
}

/**
 * The test card that a person typed, or what is wrong with it. The browser has checked the form by then; the number
 * goes no further than this.
 */
function cardTyped(typed: Typed, now_ms: number): Card | string {
  const [number = '', expiry = '', cvc] = [typed.number, typed.expiry, typed.cvc].map((each) =>
    each.replace(/[\s-]/g, ''),
  )
  const card = cardNumbered(number)
  if (card === undefined) return 'This bank knows its test cards only. Pick one below, and never type a real card here.'
  const [, month = '', year = ''] = /^(\d\d?)[/.]?(?:20)?(\d\d)$/.exec(expiry) ?? []
  if (Number(month) < 1 || Number(month) > 12) return 'The expiry date is a month and a year, like 04 / 29.'
  // A card is good until its month is over, in every time zone.
  if (Date.UTC(2000 + Number(year), Number(month), 1, 12) <= now_ms) return 'This card has expired.'
  const digits = card.brand === 'amex' ? 4 : 3
  return cvc?.length === digits ? card : `The security code of this card has ${digits} digits.`
}

function showSession(core: Core, session: Session, reply: FastifyReply, typed: Typed, said?: string): FastifyReply {
  const next = nextOf(core, session)
  if (!next.startsWith('/c/pay/')) return reply.redirect(next, 303)
  const problem = said ?? intentOf(core, session)?.last_payment_error?.message ?? null
  const bill = billOf(core, session)
  const waits = html`<p role="status">The bank is taking its time. You can close this page: nothing is lost.</p>`
  const text = takesCards(core, session)
    ? cardPage(session, bill, typed, problem)
    : session.status === 'expired'
      ? page('Payment page expired', bill, html`<p>Nothing was taken.</p>${backLink(session)}`)
      : page('One moment', bill, waits, html`<meta http-equiv="refresh" content="2">`)
  return send(reply, text, session.success_url)
}

function cardPage(session: Session, bill: Bill, typed: Typed, problem: string | null): string {
  const field = (label: string, name: keyof Typed, autocomplete: string, pattern: string, placeholder: string) =>
    html`<label>${label}<input name="${name}" value="${typed[name]}" required pattern="${pattern}"
inputmode="numeric" autocomplete="${autocomplete}" placeholder="${placeholder}"></label>`
  const offers = OFFERED.map(
    ([number, effect]) => html`<p class="line"><span>${effect}</span>
<button name="card" value="${number}">${number}</button></p>`,
  )
  return page(
    `Pay ${priceOf(bill)}`,
    bill,
    html`<p>A bank for tests: no money moves. Never type a real card.</p>
<form method="post">
${problem === null ? null : html`<p class="alert" role="alert">${problem} Nothing was taken.</p>`}
${field('Card number', 'number', 'cc-number', '[0-9 \\-]{13,24}', '1234 1234 1234 1234')}
${field('Expires', 'expiry', 'cc-exp', '[0-9 .\\/\\-]{4,9}', 'MM / YY')}
${field('Security code', 'cvc', 'cc-csc', '[0-9]{3,4}', 'CVC')}
<button class="accent">Pay ${priceOf(bill)}</button>
</form>
${backLink(session, 'Back without paying')}
<h2>Test cards</h2>
<form method="get">${offers}</form>`,
  )
}

function showChallenge(core: Core, secret: string, reply: FastifyReply): FastifyReply {
  const intent = intentNamed(core, secret)
  if (intent.status !== 'requires_action') return reply.redirect(afterChallenge(core, intent), 303)
  const { card, return_url } = core.store.hidden(intent.id)
  const content = html`<p>Your bank asks before it pays with the card ending in
<strong>${cardNamed(card)?.number.slice(-4) ?? ''}</strong>.</p>
<form method="post">
<button class="accent" name="answer" value="complete">Yes, approve</button>
<button name="answer" value="fail">No, refuse</button>
</form>`
  return send(reply, page('Is it you?', intent, content), return_url)
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
  if (session.status === 'complete') return session.success_url.replace('{CHECKOUT_SESSION_ID}', session.id)
  const intent = intentOf(core, session)
  return intent?.status === 'requires_action' ? `/challenge/${intent.client_secret}` : `/c/pay/${session.id}`
}

function takesCards(core: Core, session: Session): boolean {
  const intent = intentOf(core, session)
  return session.status === 'open' && !['processing', 'requires_action'].includes(intent?.status ?? '')
}

function backLink({ cancel_url }: Session, label = 'Back to the shop') {
  return cancel_url === null ? null : html`<a class="button" href="${cancel_url}">${label}</a>`
}

function billOf(core: Core, session: Session): Bill {
  const { intent_data } = core.store.hidden(session.id)
  return { amount: session.amount_total, currency: session.currency, description: intent_data?.description ?? null }
}

async function sessionNamed(core: Core, id: string): Promise<Session> {
  const session = await core.act((tx) => sessionAt(tx, id))
  if (session === undefined) throw missing('checkout.session', id, 'id', 404)
  return session
}

function intentNamed(core: Core, secret: string): Intent {
  const intent = core.store.get('payment_intents', secret.slice(0, secret.indexOf('_secret_')))
  if (intent?.client_secret !== secret) throw missing('payment_intent', 'of this secret', 'id', 404)
  return intent
}

/** Nothing inline, nothing from elsewhere; a form may lead to us and on to where the buyer came from. */
function send(reply: FastifyReply, text: string, return_url: string | null = null): FastifyReply {
  const onward = return_url === null ? '' : ` ${new URL(return_url).origin}`
  const policy = `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'${onward}; base-uri 'none'; frame-ancestors 'none'`
  const headers = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }
  reply.headers(headers).header('content-security-policy', policy)
  return reply.type('text/html; charset=utf-8').send(text)
}

const UNKNOWN = page('Nothing to pay here', null, html`<p>Go back to the shop and start the payment again.</p>`)
const FAILED = page('That did not work', null, html`<p>Nothing was taken; go back and try once more.</p>`)
