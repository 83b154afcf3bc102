import { expect, test } from 'vitest'
import { missingTickets } from './missing-tickets.ts'

const order = { status: 'confirmed', line_items: [{ quantity: 1 }, { quantity: 3 }] }

test('a confirmed order waits for a ticket for each place that it bought', () => {
  expect(missingTickets({ ...order, tickets: [] })).toBe(4)
  expect(missingTickets({ ...order, tickets: [1, 2, 3] })).toBe(1)
  expect(missingTickets({ ...order, tickets: [1, 2, 3, 4] })).toBe(0)
})

test('an order that is not confirmed waits for none', () => {
  expect(missingTickets({ ...order, status: 'held', tickets: [] })).toBe(0)
  expect(missingTickets({ ...order, status: 'cancelled', tickets: [] })).toBe(0)
})
