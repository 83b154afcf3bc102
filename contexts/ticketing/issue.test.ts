import type { Confirmed, LineItem } from '@tessera/contracts/events/booking'
import { expect, test } from 'vitest'
import { ticketLinesOf } from './issue.ts'

const price = { amount: 1_000, currency: 'EUR' }

function line(changes: Partial<LineItem>): LineItem {
  return {
    seat_id: null,
    seat_no: null,
    label: '',
    tier_id: 'tier_1',
    tier_name: 'Stalls',
    quantity: 1,
    price,
    ...changes,
  }
}

function booking(changes: Partial<Confirmed>) {
  return { booking_id: 'bk_1', seats: [], places: [], line_items: [], ...changes }
}

test('seats are in the order of the booking, labelled by their own lines, whatever the order of the lines', () => {
  const lines = ticketLinesOf(
    booking({
      seats: [7, 3],
      line_items: [
        line({ seat_no: 3, seat_id: 'A-4', label: 'row A, seat 4', tier_id: 'tier_child', tier_name: 'Child' }),
        line({ seat_no: 7, seat_id: 'A-8', label: 'row A, seat 8' }),
      ],
    }),
  )
  expect(lines).toEqual([
    { seat_no: 7, seat_id: 'A-8', seat_label: 'row A, seat 8', tier_id: 'tier_1', tier_name: 'Stalls' },
    { seat_no: 3, seat_id: 'A-4', seat_label: 'row A, seat 4', tier_id: 'tier_child', tier_name: 'Child' },
  ])
})

test('general-admission tickets are issued one by one, tier after tier', () => {
  const lines = ticketLinesOf(
    booking({
      places: [
        { tier_id: 'tier_floor', quantity: 2 },
        { tier_id: 'tier_bar', quantity: 1 },
      ],
      line_items: [
        line({ tier_id: 'tier_bar', tier_name: 'Bar' }),
        line({ tier_id: 'tier_floor', tier_name: 'Floor', quantity: 2 }),
      ],
    }),
  )
  expect(lines.map((line) => [line.seat_no, line.seat_label])).toEqual([
    [null, 'Floor'],
    [null, 'Floor'],
    [null, 'Bar'],
  ])
})

test('a seat or quantity without a line throws instead of issuing a ticket without a label', () => {
  expect(() => ticketLinesOf(booking({ seats: [1] }))).toThrow(/without a line/)
})
