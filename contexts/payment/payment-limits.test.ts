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

test('a payment that succeeds ends the wait; one that was not decided counts as nothing', () => {
  const limits = new PaymentLimits(() => 0)
  for (let n = 0; n < 29; n++) declineAll(limits, () => 'usr_a', 1)
  const pass = limits.attempt('usr_a', FROM)
  if (pass.kind === 'admitted') pass.ended('succeeded')
  expect(declineAll(limits, () => 'usr_a', 99)[0]).toBe(30)
  for (let n = 0; n < 99; n++) {
    const other = limits.attempt('usr_b', FROM)
    if (other.kind === 'admitted') other.ended('other')
  }
  expect(limits.attempt('usr_b', FROM).kind).toBe('admitted')
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
