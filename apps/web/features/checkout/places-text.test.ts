import { expect, test } from 'vitest'
import { placesText } from './places-text.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const line = (seat_id: string | null, label: string, tier: string, quantity = 1) => ({
  seat_id,
  label,
  tier: { id: tier, name: tier },
  quantity,
  price: eur(1_000),
  fees: eur(0),
  tax: eur(0),
})

test('seats are named, those of one row together', () => {
  const seats = ['3', '4'].map((number) => line(`E-${number}`, `Stalls, row E, seat ${number}`, 'Adult'))
  expect(placesText(seats)).toBe('Stalls, row E, seats 3, 4')
})

test('places without a number are counted by tier, beside the seats', () => {
  const lines = [
    line(null, 'Floor', 'Floor', 2),
    line('A-1', 'Stalls, row A, seat 1', 'Adult'),
    line(null, 'Floor', 'Floor'),
  ]
  expect(placesText(lines)).toBe('Stalls, row A, seat 1 · 3 × Floor')
})

test('a restricted view is said of the seats that have it', () => {
  const [first, second] = [line('A-1', 'Stalls, row A, seat 1', 'Adult'), line('A-2', 'Stalls, row A, seat 2', 'Adult')]
  const restricted = { ...second, restricted_view: true }
  expect(placesText([restricted])).toBe('Stalls, row A, seat 2 · restricted view')
  expect(placesText([first, restricted])).toBe('Stalls, row A, seats 1, 2 · 1 with a restricted view')
})
