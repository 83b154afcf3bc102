import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { Secrets } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import { UNPAID } from './next-transition.ts'
import { amountOf, isMade, type Payment, paymentById, referenceOf } from './payment.ts'
import type { Provider, ProviderIntent, Reference, Reply } from './provider/provider.ts'
import type { Providers } from './provider/registry.ts'

type Deps = {
  db: Db
  providers: Providers
  rpc: { booking: BookingRpc }
  secrets: Secrets
  public_origin: string
  log: Log
}

export type CheckoutOutcome =
  | { kind: 'not-found' }
  /** Where the buyer's browser goes: the provider's page, or a page of ours that says what is the case. */
  | { kind: 'go'; url: string }

const sql = loadSql(import.meta.url, ['put_page', 'clear_replaced', 'begin_closing', 'take_back_intent'])

/** Names the keys that open the way to the provider's page for whoever holds them. */
const CHECKOUT = 'payment.checkout'

/** The address that leads to the provider's page of a payment; the same at every time. */
export function checkoutUrl({ secrets, public_origin }: Pick<Deps, 'secrets' | 'public_origin'>, id: string): string {
  return `${public_origin}/api/v1/payments/${id}/checkout/${secrets.tokenFor(CHECKOUT, id)}`
}

/**
 * Leads a buyer to a page of the provider's. A payment has one way to be paid at a time: before the page's address is
 * given away, the intent that the API could confirm is cancelled for certain. May be asked any number of times (a reload,
 * Back, two tabs): all are led to one page. A payment that can no longer be paid leads to our own pages, which tell.
 */
export async function openCheckout(deps: Deps, payment_id: string, key: string): Promise<CheckoutOutcome> {
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined || !isMade(payment) || !deps.secrets.tokenFits(CHECKOUT, payment_id, key)) {
    return { kind: 'not-found' }
  }
  const order = `${deps.public_origin}/checkout/${payment.booking_id}`
  if (!UNPAID.includes(payment.status)) return { kind: 'go', url: payment.return_url ?? order }
  const payable = await deps.rpc.booking.payable({ booking_id: payment.booking_id })
  if (payable?.status !== 'held' || !payable.alive) return { kind: 'go', url: order }
  const provider = deps.providers.of(payment)
  const page = await pageOf(deps, provider, payment, payable.hold_expires_at)
  switch (page.kind) {
    case 'page':
      return { kind: 'go', url: page.url }
    case 'paid':
      return { kind: 'go', url: payment.return_url ?? order }
    case 'unavailable':
      return { kind: 'go', url: withOutcome(order, 'unavailable') }
  }
}

type Page = { kind: 'page'; url: string } | { kind: 'paid' } | { kind: 'unavailable' }

async function pageOf(deps: Deps, provider: Provider, payment: Payment, hold_expires_at: string): Promise<Page> {
  const known = payment.checkout_ref === null ? null : await provider.fetchIntent(referenceOf(payment))
  if (known !== null && known.kind !== 'ok') return { kind: 'unavailable' }
  if (known?.value.status === 'succeeded') return { kind: 'paid' }
  const open = known?.value.page_url ?? null
  if (open !== null) return revealPage(deps, provider, payment, open)
  const order = `${deps.public_origin}/checkout/${payment.booking_id}`
  const made = await provider.openCheckout({
    payment_id: payment.id,
    booking_id: payment.booking_id,
    amount: amountOf(payment),
    description: payment.description,
    email: payment.holder_email,
    return_url: withOutcome(payment.return_url ?? order, 'paid'),
    cancel_url: withOutcome(order, 'cancelled'),
    hold_expires_at,
    replaces: payment.checkout_ref ?? payment.closed_checkout_ref,
  })
  if (made.kind !== 'ok') return { kind: 'unavailable' }
  const { ref: checkout_ref, url } = made.value
  await deps.db.maybe(sql.put_page, {
    id: payment.id,
    checkout_ref,
    seen_checkout_ref: payment.checkout_ref,
    seen_closed_checkout_ref: payment.closed_checkout_ref,
  })
  const now = await paymentById(deps.db, payment.id)
  // Somebody else has led the payment another way meanwhile.
  if (now?.checkout_ref !== checkout_ref) return { kind: 'unavailable' }
  return revealPage(deps, provider, now, url)
}

/** Gives the page's address away once nothing else can be paid. */
async function revealPage(deps: Deps, provider: Provider, payment: Payment, url: string): Promise<Page> {
  switch (await closeReplaced(deps, provider, payment)) {
    case 'closed':
      return { kind: 'page', url }
    case 'paid':
      return { kind: 'paid' }
    case 'unknown':
      return { kind: 'unavailable' }
  }
}

/**
 * Cancels the intent that a page stands in for. `paid`: the money has moved or is moving, so the page is closed instead
 * and the intent is the payment's again. `unknown`: the provider gave no clear answer (also when the charge failed right
 * after the intent refused to be cancelled), or another tab has decided otherwise; to be asked again.
 *
 * Of tabs that see the intent differently one decides: the page is cleared of its intent (`clear_replaced`), or marked as
 * closing (`begin_closing`) before it is closed. Whoever finds the mark finishes the closing.
 */
async function closeReplaced(
  deps: Pick<Deps, 'db' | 'log'>,
  provider: Provider,
  payment: Payment,
): Promise<'closed' | 'paid' | 'unknown'> {
  const { id, replaced_ref, checkout_ref } = payment
  if (replaced_ref === null) return 'closed'
  if (payment.closed_checkout_ref === checkout_ref) {
    await takeBack(deps, provider, payment)
    return 'unknown'
  }
  const seen = await cancelled(provider, { intent_ref: replaced_ref, checkout_ref: null })
  if (seen.kind !== 'ok') return 'unknown'
  const of = { id, replaced_ref, checkout_ref }
  switch (seen.value.status) {
    case 'cancelled':
      if ((await deps.db.maybe(sql.clear_replaced, of)) !== undefined) return 'closed'
      return asDecided(deps, provider, payment)
    case 'succeeded':
    case 'processing':
      if ((await deps.db.maybe(sql.begin_closing, of)) === undefined) return asDecided(deps, provider, payment)
      deps.log.warn({ payment_id: id }, 'a payment was confirmed while its page was opened; the page is closed')
      return (await takeBack(deps, provider, payment)) ? 'paid' : 'unknown'
    default:
      return 'unknown'
  }
}

/** What another tab has decided about the same page meanwhile. */
async function asDecided(
  deps: Pick<Deps, 'db' | 'log'>,
  provider: Provider,
  { id, checkout_ref }: Payment,
): Promise<'closed' | 'paid' | 'unknown'> {
  const now = await paymentById(deps.db, id)
  return now?.checkout_ref === checkout_ref ? closeReplaced(deps, provider, now) : 'unknown'
}

/** Closes a page that is marked so, and makes its intent the payment's again. False as long as that is not certain. */
async function takeBack(deps: Pick<Deps, 'db'>, provider: Provider, payment: Payment): Promise<boolean> {
  const { id, replaced_ref, checkout_ref } = payment
  const page = await cancelled(provider, referenceOf(payment))
  if (page.kind !== 'ok' || page.value.status !== 'cancelled') return false
  if ((await deps.db.maybe(sql.take_back_intent, { id, replaced_ref, checkout_ref })) !== undefined) return true
  const now = await paymentById(deps.db, id)
  return now?.checkout_ref === null && now.closed_checkout_ref === checkout_ref
}

/** An intent or a page after we asked to cancel it: one that refuses shows why. */
async function cancelled(provider: Provider, of: Reference): Promise<Reply<ProviderIntent>> {
  const reply = await provider.cancelIntent(of)
  return reply.kind === 'refused' ? provider.fetchIntent(of) : reply
}

/**
 * The payment once there is one way to pay it. Whoever wants to know what became of a payment asks this first: as long as
 * an intent is replaced but not cancelled for certain, the money may be on it. Null: nobody knows yet.
 */
export async function withOneWayToPay(
  deps: Pick<Deps, 'db' | 'providers' | 'log'>,
  payment: Payment,
): Promise<Payment | null> {
  if (payment.replaced_ref === null || !UNPAID.includes(payment.status)) return payment
  await closeReplaced(deps, deps.providers.of(payment), payment)
  const now = await paymentById(deps.db, payment.id)
  return now === undefined || now.replaced_ref !== null ? null : now
}

/** Tells our page what the buyer comes from; what became of the payment, the page asks. */
function withOutcome(page: string, payment: 'paid' | 'cancelled' | 'unavailable'): string {
  const url = new URL(page)
  url.searchParams.set('payment', payment)
  return url.href
}
