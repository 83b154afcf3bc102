import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkInvariant } from '#platform/invariants'
import { type Fixture, ORGANIZER, openFixture } from '../fixture.ts'
import { invariants } from '../invariants.ts'
import type { Provider } from '../provider/provider.ts'
import { rpc } from '../rpc.ts'
import { freshPacing, sendDueRefunds } from './send-due.ts'

/**
 * The preview of a cancellation, its answer and the money that moves are one number: every combination of an earlier
 * refund, a dispute and a percentage, with the dispute decided either way afterwards.
 */
let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(async () => {
  await fixture.sound()
  await fixture[Symbol.asyncDispose]()
})

const PAID = 4_801
type Earlier = 'nothing' | 'part' | 'all'
type Dispute = 'none' | 'won before' | 'open, then won' | 'open, then lost' | 'lost before'

/** What is left to give back before the cancellation. */
function leftOver(earlier: Earlier, dispute: Dispute): number {
  const left = { nothing: PAID, part: PAID - 800, all: 0 }[earlier]
  return dispute === 'lost before' ? 0 : left
}

const CASES = (['nothing', 'part', 'all'] as const).flatMap((earlier) =>
  (['none', 'won before', 'open, then won', 'open, then lost', 'lost before'] as const)
    // What is refunded in full cannot be disputed at the provider.
    .filter((dispute) => earlier !== 'all' || dispute === 'none')
    .flatMap((dispute) => ([0, 33, 50, 100] as const).map((percent) => [earlier, dispute, percent] as const)),
)

let cases = 0

test.each(CASES)('refunded before: %s, dispute: %s, at %i %%', async (earlier, dispute, percent) => {
  const { booking, payment_id } = await fixture.pay(fixture.bookings.add({ total: money(PAID, 'USD') }))
  if (earlier !== 'nothing') await refundFirst(payment_id, earlier === 'part' ? 800 : PAID)
  const before = Number((await fixture.row(payment_id)).refunded)
  const dispute_ref = dispute === 'none' ? null : await openDispute(payment_id, PAID - before)
  if (dispute_ref !== null && dispute.endsWith('before'))
    await closeDispute(dispute_ref, dispute === 'won before' ? 'won' : 'lost')

  const promised = Math.floor((leftOver(earlier, dispute) * percent) / 100 + 0.5)
  const expected = {
    refund: promised === 0 ? null : money(promised, 'USD'),
    waits_for_dispute: promised > 0 && dispute.startsWith('open'),
  }
  const { refund_preview, refund_booking, payments_of } = rpc(fixture.context.deps)
  const wish = {
    booking_id: booking.id,
    cancellation_id: `cxl_case_${++cases}`,
    percent,
    reason: 'cancellation' as const,
  }
  const preview = (cancellation_id: string | null) =>
    refund_preview({ booking_id: booking.id, percent, cancellation_id })
  expect(await preview(null)).toEqual(expected)
  expect(await preview(wish.cancellation_id)).toEqual(expected)
  expect(await refund_booking(wish)).toEqual(expected)
  expect(await refund_booking(wish)).toEqual(expected)
  // Booking may have died before it wrote this down: the preview takes no percentage of what is left after it.
  expect(await preview(wish.cancellation_id)).toEqual(expected)

  const stateNow = async () =>
    (await payments_of({ booking_ids: [booking.id] }))[0]?.refunds.find((refund) => refund.reason === 'cancellation')
      ?.state
  if (expected.waits_for_dispute) {
    expect(await stateNow()).toBe('awaiting_dispute')
    await closeDispute(dispute_ref ?? '', dispute === 'open, then won' ? 'won' : 'lost')
    await sendDueRefunds(fixture.context.deps, null)
  }
  await fixture.drained()
  const lost = dispute === 'open, then lost'
  expect(await fixture.row(payment_id)).toMatchObject({ refunded: before + (lost ? 0 : promised), refund_pending: 0 })
  expect(await stateNow()).toBe(promised === 0 ? undefined : lost ? 'superseded' : 'succeeded')
})

async function refundFirst(payment_id: string, amount: number): Promise<void> {
  const body = { amount: money(amount, 'USD'), reason: 'Goodwill' }
  const url = `/api/v1/payments/${payment_id}/refund`
  const answer = await fixture.call(ORGANIZER, 'POST', url, body, `earlier-${payment_id}`)
  expect(answer.status).toBe(200)
}

async function openDispute(payment_id: string, amount: number): Promise<string> {
  const { provider_ref } = await fixture.row(payment_id)
  const dispute = await fixture.sandbox.control<{ id: string }>('POST', '/disputes', {
    payment_intent: provider_ref,
    amount,
  })
  await fixture.drained()
  expect(await fixture.row(payment_id)).toMatchObject({ status: 'disputed' })
  return dispute.id
}

async function closeDispute(dispute_ref: string, status: 'won' | 'lost'): Promise<void> {
  await fixture.sandbox.control('POST', `/disputes/${dispute_ref}/close`, { status })
  await fixture.drained()
}

test('many cancellations in one call are each promised what one alone would be, once', async () => {
  const paid = await Promise.all(Array.from({ length: 8 }, () => fixture.pay()))
  const requests = paid.map(({ booking }, i) => ({
    booking_id: booking.id,
    cancellation_id: `cxl_many_${i}`,
    percent: 100,
    reason: 'event-cancelled' as const,
  }))
  const { refund_bookings } = rpc(fixture.context.deps)
  const answers = await Promise.all([
    refund_bookings({ requests }),
    refund_bookings({ requests: requests.toReversed() }),
  ])
  for (const answer of answers.flat()) expect(answer).toEqual({ refund: money(4_800, 'USD'), waits_for_dispute: false })
  await Promise.all([sendDueRefunds(fixture.context.deps, null), sendDueRefunds(fixture.context.deps, null)])
  await fixture.drained()
  for (const { payment_id } of paid) expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded' })
})

test('a payment that cannot be settled is promised nothing yet, and holds up no other of its batch', async () => {
  const paid = await Promise.all(Array.from({ length: 4 }, () => fixture.pay()))
  const requests = paid.map(({ booking }, i) => ({
    booking_id: booking.id,
    cancellation_id: `cxl_unsettled_${i}`,
    percent: 100,
    reason: 'event-cancelled' as const,
  }))
  const { owner } = fixture.context
  const bad = paid[1]?.payment_id ?? ''
  await owner.query(`update payment.payments set settlement = 'pending', settled_at = null where id = $1`, [bad])
  await owner.query(
    `create function payment.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
  )
  await owner.query(
    `create trigger refuse before update of settlement on payment.payments for each row when (old.id = '${bad}') execute function payment.refuse()`,
  )
  const { refund_bookings, refund_booking } = rpc(fixture.context.deps)
  const whole = { refund: money(4_800, 'USD'), waits_for_dispute: false }
  expect(await refund_bookings({ requests })).toEqual([whole, null, whole, whole])
  // Control: it is the payment that fails, not the batch.
  const [, alone] = requests
  if (alone === undefined) throw new Error('There are four requests')
  await expect(refund_booking(alone)).rejects.toThrow('no')
  await owner.query('drop function payment.refuse cascade')
  expect(await refund_bookings({ requests })).toEqual([whole, whole, whole, whole])
  await sendDueRefunds(fixture.context.deps, null)
  await fixture.drained()
  for (const { payment_id } of paid) expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded' })
})

test('a refund that the provider refuses is asked for later and later, the others go on, and a person is told', async () => {
  const paid = await Promise.all(Array.from({ length: 6 }, () => fixture.pay()))
  const { deps } = fixture.context
  await rpc(deps).refund_bookings({
    requests: paid.map(({ booking }, i) => ({
      booking_id: booking.id,
      cancellation_id: `cxl_refused_${i}`,
      percent: 100,
      reason: 'event-cancelled' as const,
    })),
  })
  const bad = paid[2]?.payment_id ?? ''
  const { provider_ref } = await fixture.row(bad)
  const refusing = (): Provider => {
    const stripe = deps.providers.of({ provider: 'stripe' })
    return {
      ...stripe,
      createRefund: async (refund) =>
        refund.intent_ref === provider_ref
          ? { kind: 'refused', code: 'charge_not_refundable', message: 'This charge cannot be refunded', moved: false }
          : stripe.createRefund(refund),
    }
  }
  const saysNo = { ...deps, providers: { ...deps.providers, of: refusing } }
  const due = () =>
    fixture.context.owner.query('update payment.refunds set next_check_at = now() where payment_id = $1', [bad])
  const waits: number[] = []
  for (let round = 1; round <= 5; round++) {
    expect(await violations('I11-sent')).toBe(0)
    await due()
    await sendDueRefunds(saysNo, null)
    const [row] = await fixture.context.owner.query<{ round: number; wait_s: number }>(
      `select round, extract(epoch from next_check_at - now())::int as wait_s from payment.refunds where payment_id = $1`,
      [bad],
    )
    expect(row?.round).toBe(round)
    waits.push(row?.wait_s ?? 0)
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(waits[4]).toBeGreaterThan(400)
  expect(await violations('I11-sent')).toBe(1)
  await fixture.drained()
  for (const { payment_id } of paid)
    expect((await fixture.row(payment_id)).status).toBe(payment_id === bad ? 'succeeded' : 'refunded')
  // Negative control: once the provider takes it, nobody is asked any more.
  await due()
  await sendDueRefunds(deps, null)
  await fixture.drained()
  expect(await fixture.row(bad)).toMatchObject({ status: 'refunded' })
  expect(await violations('I11-sent')).toBe(0)
})

async function violations(id: string): Promise<number> {
  const invariant = invariants.find((one) => one.id === id)
  if (invariant === undefined) throw new Error(`There is no ${id}`)
  return checkInvariant(fixture.context.auditor, invariant)
}

test('a provider that is busy is asked ever more slowly, and every refund arrives once', async () => {
  const paid = await Promise.all(Array.from({ length: 12 }, () => fixture.pay()))
  const { refund_bookings } = rpc(fixture.context.deps)
  await refund_bookings({
    requests: paid.map(({ booking }, i) => ({
      booking_id: booking.id,
      cancellation_id: `cxl_busy_${i}`,
      percent: 100,
      reason: 'event-cancelled' as const,
    })),
  })
  const { deps } = fixture.context
  const silent = (): Provider => ({
    ...deps.providers.of({ provider: 'stripe' }),
    createRefund: async () => ({ kind: 'unsent' }),
  })
  const busy = { ...deps, providers: { ...deps.providers, of: silent } }
  const pacing = freshPacing()
  await sendDueRefunds(busy, null, pacing)
  expect(pacing).toMatchObject({ parallel: 1, pause_ms: 500 })
  const asked = await tries()
  // Within the pause nobody is asked; a run by hand asks, and the pause doubles.
  await sendDueRefunds(busy, null, pacing)
  expect(await tries()).toBe(asked)
  await sendDueRefunds(busy, new Date(Date.now() + 60_000).toISOString(), pacing)
  expect(pacing).toMatchObject({ parallel: 1, pause_ms: 1_000 })
  await fixture.sandbox.control('POST', '/faults', { path: '/v1/refunds', method: 'POST', fault: '429', times: 3 })
  // What met a 429 comes again at its next time.
  for (let minutes = 1; minutes < 60; minutes += 5)
    await sendDueRefunds(fixture.context.deps, new Date(Date.now() + minutes * 60_000).toISOString(), pacing)
  expect(pacing.pause_ms).toBe(0)
  await fixture.drained()
  for (const { payment_id } of paid) expect(await fixture.row(payment_id)).toMatchObject({ status: 'refunded' })
})

/** How often refunds have been claimed to be sent. */
async function tries(): Promise<number> {
  const [row] = await fixture.context.owner.query<{ tries: number }>(
    'select sum(checks)::int as tries from payment.refunds',
  )
  return row?.tries ?? 0
}
