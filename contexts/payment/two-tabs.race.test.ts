import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from './fixture.ts'
import type { Provider } from './provider/provider.ts'
import { payOn, undecided } from './undecided.fixture.ts'

const ROUNDS = 16
const TABS = 4
/** How long a call takes on its way to the provider, and its answer on the way back. */
const LATENCY_MS_MAX = 20

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const latency = () => wait(Math.random() * LATENCY_MS_MAX)
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1_000)

test('tabs that open the page while a charge fails: none is sent to a closed page, and every buyer can pay', async () => {
  const { deps } = fixture.context
  const payments = []
  for (let round = 0; round < ROUNDS; round++) {
    const payment = await undecided(fixture)
    const cancelIntent: Provider['cancelIntent'] = async (of) => {
      await latency()
      // The charge fails when the first tab would close the page, whom the intent has refused.
      if (of.checkout_ref !== null) await payment.hurry()
      const reply = await deps.providers.preferred.cancelIntent(of)
      await latency()
      return reply
    }
    const led_to = await Promise.all(
      Array.from({ length: TABS }, async () => {
        await latency()
        const url = await payment.openBy(cancelIntent)
        return url.includes('/c/pay/') ? (await fetch(url)).text() : ''
      }),
    )
    expect(led_to.filter((page) => page.includes('Payment page expired'))).toEqual([])
    payments.push(payment)
  }
  await fixture.drained()
  await fixture.reconcile(inSeconds(61))
  for (const { payment_id, open } of payments) {
    expect(await fixture.row(payment_id)).toMatchObject({ status: 'failed', replaced_ref: null })
    expect(await payOn(await open())).toContain('=paid')
  }
  await fixture.drained()
  for (const { booking, payment_id } of payments) expect(booking.paid_by).toBe(payment_id)
  await fixture.sound()
})
