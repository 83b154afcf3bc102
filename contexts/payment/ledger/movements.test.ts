import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf, type MovementKind } from './movements.ts'

const KINDS: readonly MovementKind[] = [
  'capture',
  'provider-fee',
  'refund',
  'late-refund',
  'refund-returned',
  'late-refund-returned',
  'dispute',
  'dispute-won',
]
const amounts = fc.integer({ min: 0, max: 2 ** 50 })

test('every movement sums to zero', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), amounts, amounts, (kind, amount, fee) => {
      const sum = linesOf(kind, amount, fee).reduce((total, line) => total + line.amount, 0)
      expect(sum).toBe(0)
    }),
  )
})

test('a late refund leaves nothing of its capture', () => {
  const balances = new Map<string, number>()
  for (const line of [...linesOf('capture', 4_800), ...linesOf('late-refund', 4_800)]) {
    balances.set(line.account, (balances.get(line.account) ?? 0) + line.amount)
  }
  expect([...balances.values()]).toEqual([0, 0])
})

test('a returned refund undoes exactly the refund that it was', () => {
  for (const kind of ['refund', 'late-refund'] as const) {
    const balances = new Map<string, number>()
    for (const line of [...linesOf(kind, 4_800), ...linesOf(`${kind}-returned`, 4_800)])
      balances.set(line.account, (balances.get(line.account) ?? 0) + line.amount)
    expect([...balances.values()]).toEqual([0, 0])
  }
})

test('a fee of nothing moves nothing', () => {
  expect(linesOf('provider-fee', 0)).toEqual([])
})
