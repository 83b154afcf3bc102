import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyIntent } from './apply-intent.ts'
import { confirmPayment } from './confirm.ts'
import { type Fixture, openFixture } from './fixture.ts'
import { paymentById } from './payment.ts'
import type { Provider } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'
import { recoverPayment } from './reconcile/recover.ts'
import { payOn, type Undecided, undecided } from './undecided.fixture.ts'

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.drained()
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1_000)
const real = (): Provider => fixture.context.deps.providers.preferred
const withhold = (on: boolean) => fixture.sandbox.control('POST', '/webhooks', { withhold: on })

async function isOpen(page: string): Promise<boolean> {
  return !(await (await fetch(page)).text()).includes('Payment page expired')
}

/**
 * Two tabs open the page while the charge is undecided, and both have read the payment when the intent refuses the first.
 * `cancel`: the charge fails, and the second tab cancels the intent; `hear`: it hears of that and does what follows;
 * `close`: the provider closes the page for the first tab. `refused` is done before the first tab hears of the refusal,
 * `closing` before it hears of the page; what is left, after it has been led somewhere.
 */
type Step = 'cancel' | 'hear' | 'close'
type Order = { refused: readonly Step[]; closing: readonly Step[] }

async function twoTabs({ openBy, hurry }: Undecided, order: Order): Promise<[first: string, second: string]> {
  const { cancelIntent } = real()
  const signal = () => Promise.withResolvers<void>()
  const [has_read, may_cancel, has_cancelled, may_hear] = [signal(), signal(), signal(), signal()]
  const second = Promise.withResolvers<string>()
  const steps: Record<Step, () => Promise<unknown>> = {
    cancel: async () => {
      await hurry()
      may_cancel.resolve()
      await has_cancelled.promise
    },
    hear: async () => {
      may_hear.resolve()
      await second.promise
    },
    close: async () => undefined,
  }
  const bySecond: Provider['cancelIntent'] = async (of) => {
    if (of.checkout_ref !== null) return cancelIntent(of)
    has_read.resolve()
    await may_cancel.promise
    const reply = await cancelIntent(of)
    has_cancelled.resolve()
    await may_hear.promise
    return reply
  }
  const first = await openBy(async (of) => {
    if (of.checkout_ref === null) {
      const refusal = await cancelIntent(of)
      const seen = refusal.kind === 'refused' ? await real().fetchIntent(of) : refusal
      openBy(bySecond).then(second.resolve, second.reject)
      await has_read.promise
      for (const step of order.refused) await steps[step]()
      return seen
    }
    const replies: Awaited<ReturnType<Provider['cancelIntent']>>[] = []
    steps.close = async () => replies.push(await cancelIntent(of))
    for (const step of order.closing) await steps[step]()
    return replies[0] ?? cancelIntent(of)
  })
  await steps.hear()
  return [first, await second.promise]
}

const ORDERS: Order[] = [
  { refused: [], closing: ['cancel', 'close'] },
  { refused: [], closing: ['close', 'cancel', 'hear'] },
  { refused: [], closing: ['cancel', 'hear', 'close'] },
  { refused: ['cancel'], closing: ['close'] },
  { refused: ['cancel'], closing: ['close', 'hear'] },
  { refused: ['cancel'], closing: ['hear', 'close'] },
  { refused: ['cancel', 'hear'], closing: ['close'] },
]

test.each(ORDERS)(
  'nobody is sent to a closed page, and the payment goes on: $refused, then $closing',
  async (order) => {
    await withhold(true)
    const payment = await undecided(fixture)
    const { booking, payment_id, open } = payment
    for (const url of await twoTabs(payment, order)) if (url.includes('/c/pay/')) expect(await isOpen(url)).toBe(true)
    await withhold(false)
    await fixture.sandbox.control('POST', '/withheld/release', {})
    await fixture.drained()
    for (const seconds of [31, 61, 121]) await fixture.reconcile(inSeconds(seconds))
    expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', replaced_ref: null })
    const failures = await fixture.context.published('payment.failed')
    expect(failures.filter((event) => event.key === payment_id)).toHaveLength(1)
    const charged = await fixture.confirm(booking, payment_id)
    expect([charged.status, charged.body]).toMatchObject([409, { detail: expect.stringContaining('checkout_url') }])
    // A new key joins the payment, and its page is the way on.
    const joined = await fixture.intent(booking)
    expect([joined.status, joined.body]).toMatchObject([201, { payment_id, checkout_url: expect.any(String) }])
    expect(await payOn(await open())).toContain('=paid')
    await fixture.drained()
    expect(booking.paid_by).toBe(payment_id)
  },
)

test('who read the payment before both tabs cannot cancel it', async () => {
  await withhold(true)
  const payment = await undecided(fixture)
  const { payment_id, intent, open } = payment
  const { deps } = fixture.context
  const before = await paymentById(deps.db, payment_id)
  if (before === undefined) throw new Error('It is there')
  await twoTabs(payment, { refused: [], closing: ['cancel', 'close'] })
  const seen = await real().fetchIntent({ intent_ref: intent, checkout_ref: null })
  if (seen.kind !== 'ok') throw new Error('The sandbox answers')
  expect(seen.value.status).toBe('cancelled')
  expect(await applyIntent(deps, before, seen.value)).toBe('nothing')
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'processing' })
  expect(await open()).toContain('/c/pay/')
  await withhold(false)
  await fixture.sandbox.control('POST', '/withheld/release', {})
})

const FINISHED: [how: string, finish: (of: Undecided) => Promise<unknown>][] = [
  ['another tab', ({ open }) => open()],
  ['the reconciler', () => fixture.reconcile(inSeconds(31))],
  ['a process that begins to lead', () => fixture.resume()],
]

test.each(FINISHED)('a closing of a page that broke off is finished by %s', async (_how, finish) => {
  await withhold(true)
  const payment = await undecided(fixture)
  const { booking, payment_id, intent, open, openBy, hurry } = payment
  const lost = { kind: 'unknown', error: 'lost' } as const
  const first = await openBy(async (of) => (of.checkout_ref === null ? real().cancelIntent(of) : lost))
  expect(first).toContain('=unavailable')
  const { checkout_ref } = await fixture.row(payment_id)
  expect(await fixture.row(payment_id)).toMatchObject({ replaced_ref: intent, closed_checkout_ref: checkout_ref })
  await hurry()
  await finish(payment)
  expect(await fixture.row(payment_id)).toMatchObject({
    provider_ref: intent,
    checkout_ref: null,
    replaced_ref: null,
    closed_checkout_ref: checkout_ref,
  })
  const page = await open()
  expect(page).toContain('/c/pay/')
  expect(page).not.toContain(String(checkout_ref))
  await withhold(false)
  await fixture.sandbox.control('POST', '/withheld/release', {})
  await payOn(page)
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

/** A payment, and a charge of it during whose way to the provider somebody opens the page and does this there. */
async function chargedBeside(onPage: (page: string) => Promise<unknown>) {
  const booking = fixture.bookings.add()
  const opened = (await fixture.intent(booking)).body as unknown as { payment_id: string; checkout_url: string }
  const { payment_id } = opened
  const open = async () =>
    String((await fixture.context.call('GET', new URL(opened.checkout_url).pathname)).headers['location'])
  const confirmIntent: Provider['confirmIntent'] = async (...asked) => {
    await onPage(await open())
    return real().confirmIntent(...asked)
  }
  const idempotency = { owner: booking.user_id, operation: '', key: `charge ${payment_id}`, body_hash: 'h' }
  const charged = await confirmPayment(
    { ...fixture.context.deps, providers: openRegistry([{ ...real(), confirmIntent }]) },
    { idempotency, sources: [], body: { payment_id, payment_method: 'pm_card_visa' } },
  )
  return { booking, payment_id, open, charged }
}

test('a charge whose intent a page replaces meanwhile hears of the page, not that its hold has ended', async () => {
  const { booking, payment_id, open, charged } = await chargedBeside(async () => undefined)
  expect(charged).toMatchObject({ kind: 'conflict', detail: expect.stringContaining('checkout_url') })
  expect(await payOn(await open())).toContain('=paid')
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})

test('a charge beside which the page was paid succeeds with the page’s money', async () => {
  const { payment_id, charged } = await chargedBeside(async (page) => {
    await payOn(page)
    await fixture.drained()
  })
  expect(charged).toMatchObject({ kind: 'answered', body: { payment_id, status: 'succeeded' } })
  expect(await fixture.row(payment_id)).toMatchObject({ captured: 4_800, settlement: 'confirmed' })
})

test('a payment that was cancelled at the provider during its hold leads to another one', async () => {
  const booking = fixture.bookings.add()
  const { payment_id } = (await fixture.intent(booking)).body
  await real().cancelIntent({ intent_ref: String((await fixture.row(payment_id))['provider_ref']), checkout_ref: null })
  const charge = async () => {
    const { status, body } = await fixture.confirm(booking, payment_id)
    return [status, body]
  }
  const told = [409, { detail: expect.stringContaining('new Idempotency-Key') }]
  expect(await charge()).toMatchObject(told)
  expect(await charge()).toMatchObject(told)
  expect((await fixture.pay(booking)).answer.body).toMatchObject({ status: 'succeeded' })
})

test('a page that opens while its payment is written off keeps the payment open', async () => {
  const booking = fixture.bookings.add()
  const opened = (await fixture.intent(booking)).body as unknown as { payment_id: string; checkout_url: string }
  const { payment_id } = opened
  const path = new URL(opened.checkout_url).pathname
  const open = async () => String((await fixture.context.call('GET', path)).headers['location'])
  const first = await open()
  const { deps } = fixture.context
  const payment = await paymentById(deps.db, payment_id)
  if (payment === undefined) throw new Error('It is there')
  let second = ''
  const cancelIntent: Provider['cancelIntent'] = async (of) => {
    const reply = await real().cancelIntent(of)
    second = await open()
    return reply
  }
  const racing = { ...deps, providers: openRegistry([{ ...real(), cancelIntent }]) }
  await recoverPayment(racing, { ...payment, hold_over: false, event_cancelled: true }, null)
  expect([await isOpen(first), await isOpen(second)]).toEqual([false, true])
  expect(await payOn(second)).toContain('=paid')
  await fixture.drained()
  expect(booking.paid_by).toBe(payment_id)
})
