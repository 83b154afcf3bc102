import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Part, RealProduct } from '../processes.ts'
import { putOnSale } from '../theatre.ts'
import { audit, type Count } from './audit.ts'
import { type Sale, startSale } from './sale.ts'

export type Crash = {
  parts: readonly Part[]
  ready_ms: number
  /** From the kill until every invariant held. */
  clean_ms: number
  unknown: number
  resolved: number
  wrong: string[]
  count: Count
}

export const READY_MS_MAX = 5_000
const CLEAN_MS_MAX = 10_000
const RESOLVE_MS_MAX = 20_000
const BOOKS_MS_MAX = 20_000
const BUYERS = 12
const ROWS = 40
const SEATS_A_ROW = 20

/**
 * A sale under load, a kill -9 in the middle of it, and the reckoning: it serves again in time, every outcome that was
 * unknown is resolved by its own key, nothing that was acknowledged is missing, the books agree with the provider's.
 */
export async function crash(
  product: RealProduct,
  options: { parts: readonly Part[]; random(): number; admin_token: string },
): Promise<Crash & { sale: Sale }> {
  const { parts, random } = options
  const onsale = await putOnSale(product.client, { rows: ROWS, seats_a_row: SEATS_A_ROW, standing: 400 })
  const seats = stallsOf(ROWS / 2, SEATS_A_ROW)
  const { performance_id, standing } = onsale
  const sale = await startSale(product.client, { performance_id, standing, seats, buyers: BUYERS, random })
  // Where in the sale it happens is the experiment, so this is no wait for anything.
  await delay(300 + random() * 1_200)
  const blows = await Promise.all(parts.map((part) => product.aim(part)))
  const killed_at_ms = performance.now()
  for (const blow of blows) blow()
  const ready_ms = await product.ready(READY_MS_MAX)
  const timeout = CLEAN_MS_MAX - ready_ms
  await expect.poll(() => violations(product, options.admin_token), { timeout, interval: 200 }).toEqual([])
  const clean_ms = performance.now() - killed_at_ms
  await sale.stop()
  const unknown = sale.unknown().length
  await sale.resolve(RESOLVE_MS_MAX)
  const resolved = unknown - sale.unknown().length
  const { wrong, count } = await audit(product, sale)
  await expectEqualBooks(product, options.admin_token)
  expect(await violations(product, options.admin_token)).toEqual([])
  return { parts, ready_ms, clean_ms, unknown, resolved, wrong, count, sale }
}

export async function violations(product: RealProduct, as: string): Promise<unknown[]> {
  const { body } = await product.client.expect<{ invariants: { id: string; violations: number }[] }>(
    200,
    'GET',
    '/admin/integrity',
    { as },
  )
  expect(body.invariants.length).toBeGreaterThan(30)
  return body.invariants.filter((one) => one.violations > 0)
}

type TrialBalance = {
  currencies: { currency: string; accounts: { account: string; balance: { amount: number } }[] }[]
}

/** The provider's own books and ours, to the cent, once the refunds on their way have arrived. */
async function expectEqualBooks(product: RealProduct, as: string): Promise<void> {
  const books = async (): Promise<object> => {
    const { body } = await product.client.expect<TrialBalance>(200, 'GET', '/admin/ledger/trial-balance', { as })
    const [theirs] = await product.providerLedger()
    const of = (account: string): number | undefined =>
      body.currencies[0]?.accounts.find((one) => one.account === account)?.balance.amount
    return {
      ours: { cash: of('provider_cash'), fees: of('provider_fees') },
      theirs: { cash: theirs?.balance, fees: theirs?.fees },
    }
  }
  await expect
    .poll(
      async () => {
        const { ours, theirs } = (await books()) as { ours: object; theirs: object }
        return JSON.stringify(ours) === JSON.stringify(theirs) ? 'equal' : JSON.stringify({ ours, theirs })
      },
      { timeout: BOOKS_MS_MAX, interval: 200 },
    )
    .toBe('equal')
}

function stallsOf(rows: number, seats_a_row: number): string[] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: seats_a_row }, (_, seat) => `${String.fromCharCode(65 + row)}-${seat + 1}`),
  ).flat()
}

/** A small generator of numbers from 0 to 1 (mulberry32): the same from the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function statement(crashes: readonly Crash[]): string {
  const sum = (of: (crash: Crash) => number): number => crashes.reduce((total, one) => total + of(one), 0)
  const slowest = (of: (crash: Crash) => number): number => Math.round(Math.max(...crashes.map(of)))
  return [
    `${crashes.length} crashes · holds ${sum((one) => one.count.holds)} · payments ${sum((one) => one.count.payments)}`,
    `cancellations ${sum((one) => one.count.cancellations)} · refusals ${sum((one) => one.count.refusals)}`,
    `unknown ${sum((one) => one.unknown)}, resolved ${sum((one) => one.resolved)}, wrong ${sum((one) => one.wrong.length)}`,
    `ready again after ${crashes
      .map((one) => `${one.parts.join('+')} ${Math.round(one.ready_ms)}`)
      .slice(0, 8)
      .join(', ')} ms, at most ${slowest((one) => one.ready_ms)} ms`,
    `invariants clean at most ${slowest((one) => one.clean_ms)} ms after the kill`,
  ].join(' · ')
}
