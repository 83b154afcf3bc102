import { expect, test } from 'vitest'
import { orderGreeting } from './order-greeting.ts'

const saturday = { start_time: '2026-11-28T18:00:00.000Z', end_time: '2026-11-28T20:00:00.000Z' }
const meera = {
  cancelled: false,
  performance: saturday,
  time_zone: 'Europe/Vienna',
  now_ms: Date.parse('2026-11-24T10:00:00.000Z'),
  holder: { first_name: 'Meera' },
  email: null,
}
const after = Date.parse('2026-11-28T21:00:00.000Z')

test('an order greets its holder until the evening is over', () => {
  expect(orderGreeting(meera).headline).toBe('See you Saturday, Meera.')
  expect(orderGreeting({ ...meera, holder: null }).headline).toBe('See you Saturday.')
  expect(orderGreeting({ ...meera, now_ms: after }).headline).toBe('We hope it was lovely.')
})

test('a weekday greets only within the week before, a date before that, and no day once it has begun', () => {
  const at = (time: string) => orderGreeting({ ...meera, now_ms: Date.parse(time) }).headline
  expect(at('2026-11-20T10:00:00.000Z')).toBe('See you on Saturday 28 November, Meera.')
  expect(at('2025-09-20T10:00:00.000Z')).toBe('See you on Saturday 28 November 2026, Meera.')
  expect(at('2026-11-28T18:30:00.000Z')).toBe('See you there, Meera.')
})

test('a guest is told to keep the link, a member where the tickets are', () => {
  expect(orderGreeting(meera).words).toContain('Keep the order link')
  expect(orderGreeting({ ...meera, email: 'meera@example.test' }).words).toContain('the account of meera@example.test')
})

test('a cancelled order promises nothing', () => {
  expect(orderGreeting({ ...meera, cancelled: true, now_ms: after })).toEqual({
    headline: 'This order is cancelled.',
    words: 'Its tickets are no longer valid.',
  })
})
