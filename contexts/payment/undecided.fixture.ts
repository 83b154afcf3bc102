import { expect } from 'vitest'
import { openCheckout } from './checkout.ts'
import { type Fixture, ORIGIN } from './fixture.ts'
import type { Provider } from './provider/provider.ts'
import { openRegistry } from './provider/registry.ts'

/** The bank answers when the test says so (`/hurry`), never by itself. */
const AT_SOME_TIME_MS = 3_600_000

/** A charge that the bank has not decided yet: its intent refuses to be cancelled. `hurry` is the bank's answer: no. */
export async function undecided(fixture: Fixture) {
  const booking = fixture.bookings.add()
  const opened = (await fixture.intent(booking)).body as unknown as { payment_id: string; checkout_url: string }
  const { payment_id, checkout_url } = opened
  const intent = String((await fixture.row(payment_id))['provider_ref'])
  await fixture.sandbox.control('POST', '/late', { payment_intent: intent, fail_after_ms: AT_SOME_TIME_MS })
  expect((await fixture.confirm(booking, payment_id)).body).toMatchObject({ status: 'processing' })
  const path = checkout_url.replace(ORIGIN, '')
  const { deps } = fixture.context
  return {
    booking,
    payment_id,
    intent,
    /** Where a tab that opens `checkout_url` is led to. */
    open: async (): Promise<string> => String((await fixture.context.call('GET', path)).headers['location']),
    /** The same for a tab whose cancellations take this way to the provider. */
    openBy: async (cancelIntent: Provider['cancelIntent']): Promise<string> => {
      const providers = openRegistry([{ ...deps.providers.preferred, cancelIntent }])
      const outcome = await openCheckout({ ...deps, providers }, payment_id, path.split('/').at(-1) ?? '')
      return outcome.kind === 'go' ? outcome.url : outcome.kind
    },
    hurry: () => fixture.sandbox.control('POST', '/hurry'),
  }
}

export type Undecided = Awaited<ReturnType<typeof undecided>>

/** Pays on a page of the provider's; resolves to where it leads then. */
export async function payOn(page: string): Promise<string | null> {
  const body = new URLSearchParams({ number: '4242424242424242', expiry: '12 / 40', cvc: '123' })
  return (await fetch(page, { method: 'POST', body, redirect: 'manual' })).headers.get('location')
}
