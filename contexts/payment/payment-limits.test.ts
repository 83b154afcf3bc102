import { expect, test } from 'vitest'
import { PaymentLimits } from './payment-limits.ts'

const FROM = [{ source: '203.0.113.1', quotas: 1 }]

/** Attempts that are declined one after the other, until one is refused: how many, and the wait. */
function declineAll(limits: PaymentLimits, owner: () => string, max: number): [number, number | null] {
  for (let n = 0; n < max; n++) {
    const pass = limits.attempt(owner(), FROM)
    if (pass.kind === 'refused') return [n, pass.retry_after_s]
    pass.ended('declined')
  }
  return [max, null]
}

test('thirty declines are free; then each further one doubles the wait, up to about an hour', () => {
  let now_ms = 0
  const limits = new PaymentLimits(() => now_ms)
  expect(declineAll(limits, () => 'usr_a', 99)).toEqual([30, 30])
  const waits: (number | null)[] = []
  for (let wait_s = 30; waits.length < 8; wait_s = waits.at(-1) ?? 0) {
    now_ms += wait_s * 1_000
    waits.push(declineAll(limits, () => 'usr_a', 9)[1])
  }
  expect(waits).toEqual([60, 120, 240, 480, 960, 1_920, 3_840, 3_840])
})

/** One attempt that ends so; whether it was admitted. */
function attempt(limits: PaymentLimits, outcome: 'declined' | 'succeeded' | 'other', owner = 'usr_a', from = FROM) {
  const pass = limits.attempt(owner, from)
  if (pass.kind === 'admitted') pass.ended(outcome)
  return pass.kind === 'admitted'
}

test('a payment that succeeds makes up for one decline and saves nothing up', () => {
  const limits = new PaymentLimits(() => 0)
  for (let n = 0; n < 9; n++) attempt(limits, 'succeeded')
  for (let n = 0; n < 29; n++) attempt(limits, 'declined')
  attempt(limits, 'succeeded')
  expect(declineAll(limits, () => 'usr_a', 99)[0]).toBe(2)
})

test.each([
  ['a tester, one of whose twenty cards works', (n: number) => n % 20 === 0, false],
  ['a campus, one of whose five cards is declined', (n: number) => n % 5 !== 0, true],
] as const)('%s, 2,000 cards at one address', (_who, works, all) => {
  let now_ms = 0
  const limits = new PaymentLimits(() => now_ms)
  const tried = Array.from({ length: 2_000 }, (_, n) => {
    now_ms += 1_000
    return attempt(limits, works(n) ? 'succeeded' : 'declined', `usr_${n}`)
  })
  expect(tried.every(Boolean)).toBe(all)
  expect(tried.filter(Boolean).length).toBeGreaterThan(300)
})

test('attempts are counted whatever becomes of them', () => {
  let now_ms = 0
  const limits = new PaymentLimits(() => now_ms)
  const others = Array.from({ length: 121 }, () => attempt(limits, 'other', 'usr_b'))
  expect([others[119], others[120]]).toEqual([true, false])
  expect(limits.attempt('usr_b', FROM)).toEqual({ kind: 'refused', retry_after_s: 600 })
  now_ms = 600_000
  expect(attempt(limits, 'other', 'usr_b')).toBe(true)
})

test('requests that are refused evict no record, from however many networks they come', () => {
  const limits = new PaymentLimits(() => 0)
  expect(declineAll(limits, () => 'usr_a', 99)[0]).toBe(30)
  for (let n = 0; n < 61; n++) limits.begin('usr_a', FROM)
  for (let n = 0; n < 100_001; n++) {
    limits.attempt('usr_a', [{ source: `network ${n}`, quotas: 1 }])
    limits.begin('usr_a', [{ source: `network ${n}`, quotas: 1 }])
  }
  expect([limits.attempt('usr_a', []).kind, limits.begin('usr_a', [])]).toEqual(['refused', 600])
  // What the address has used of its limits: sixty payments of 600, thirty declines of 300.
  expect(Array.from({ length: 541 }, (_, n) => limits.begin(`usr_${n}`, FROM)).indexOf(600)).toBe(540)
  expect(declineAll(limits, () => `usr_${Math.random()}`, 999)[0]).toBe(270)
})

test('attempts that run at the same time are not admitted beyond the free ones', () => {
  const limits = new PaymentLimits(() => 0)
  const kinds = Array.from({ length: 40 }, () => limits.attempt('usr_a', FROM).kind)
  expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(30)
})

test('ever new guests of one address share its limits; another address is not concerned', () => {
  const limits = new PaymentLimits(() => 0)
  let guests = 0
  expect(declineAll(limits, () => `usr_${++guests}`, 999)).toEqual([300, 30])
  expect(limits.attempt('usr_x', [{ source: '203.0.113.2', quotas: 1 }]).kind).toBe('admitted')
  const begun = Array.from({ length: 700 }, (_, n) => limits.begin(`usr_${n}`, FROM))
  expect([begun[599], begun[600]]).toEqual([null, 600])
})

test('one owner begins sixty payments in ten minutes', () => {
  let now_ms = 0
  const limits = new PaymentLimits(() => now_ms)
  const begun = Array.from({ length: 61 }, () => limits.begin('usr_a', FROM))
  expect([begun[59], begun[60]]).toEqual([null, 600])
  now_ms = 600_000
  expect(limits.begin('usr_a', FROM)).toBeNull()
})
