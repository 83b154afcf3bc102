import { expect, test } from 'vitest'
import { orderGreeting } from './order-greeting.ts'

const meera = { cancelled: false, over: false, day: 'Saturday', holder: { first_name: 'Meera' }, email: null }

test('an order greets its holder until the evening is over', () => {
  expect(orderGreeting(meera).headline).toBe('See you Saturday, Meera.')
  expect(orderGreeting({ ...meera, holder: null }).headline).toBe('See you Saturday.')
  expect(orderGreeting({ ...meera, over: true }).headline).toBe('We hope it was lovely.')
})

test('a guest is told to keep the link, a member where the tickets are', () => {
  expect(orderGreeting(meera).words).toContain('Keep the order link')
  expect(orderGreeting({ ...meera, email: 'meera@example.test' }).words).toContain('the account of meera@example.test')
})

test('a cancelled order promises nothing', () => {
  expect(orderGreeting({ ...meera, cancelled: true, over: true })).toEqual({
    headline: 'This order is cancelled.',
    words: 'Its tickets are no longer valid.',
  })
})
