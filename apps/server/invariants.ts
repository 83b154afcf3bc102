import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'booking_keys',
  'ticket_keys',
  'payment_keys',
  'cancellation_keys',
  'performance_keys',
  'tickets_of_confirmed',
  'ticket_without_booking',
  'confirmed_is_paid',
  'confirmed_is_settled',
  'paid_is_kept',
  'cancelled_event_is_refunded',
  'promised_refund_is_made',
  'cancelled_event_promises_all',
  'cancellation_completed',
  'door_knows_tickets',
  'picture_equals_claims',
  'one_organization',
  'no_dead_letters',
])

/** The invariants between contexts; each context has its own. */
export const productInvariants: readonly Invariant[] = [
  {
    id: 'I7-tickets',
    title: 'Every seat and general-admission ticket of a confirmed booking has one active ticket',
    statement: sql.tickets_of_confirmed,
    keys: sql.booking_keys,
  },
  {
    id: 'I7-bookings',
    title: 'Every active ticket belongs to a confirmed booking',
    statement: sql.ticket_without_booking,
    keys: sql.ticket_keys,
  },
  {
    id: 'I8',
    title: 'Every confirmed booking is paid in full',
    statement: sql.confirmed_is_paid,
    keys: sql.booking_keys,
  },
  {
    id: 'I8-settled',
    title: 'The payment of a confirmed booking is settled as confirmed',
    statement: sql.confirmed_is_settled,
    keys: sql.booking_keys,
  },
  {
    id: 'I5',
    title: 'Money that is not refunded belongs to a confirmed booking',
    statement: sql.paid_is_kept,
    keys: sql.payment_keys,
  },
  {
    id: 'I31',
    title: 'No booking of a cancelled event is live, and its money is being refunded',
    statement: sql.cancelled_event_is_refunded,
    keys: sql.booking_keys,
  },
  {
    id: 'I31-promise',
    title: 'A promised refund is the sum of the refunds made for it',
    statement: sql.promised_refund_is_made,
    keys: sql.cancellation_keys,
  },
  {
    id: 'I31-full',
    title: 'The cancellation of an event promises the whole remainder',
    statement: sql.cancelled_event_promises_all,
    keys: sql.cancellation_keys,
  },
  { id: 'I31-completed', title: 'Every cancellation is completed', statement: sql.cancellation_completed },
  {
    id: 'I20',
    title: 'Check-in knows every active ticket, and every void one',
    statement: sql.door_knows_tickets,
    keys: sql.ticket_keys,
  },
  {
    id: 'I21',
    title: 'Seat states equal claims and counters',
    statement: sql.picture_equals_claims,
    keys: sql.performance_keys,
    slice_rows: 100,
  },
  {
    id: 'I29-product',
    title: 'Bookings, payments and tickets belong to one organization',
    statement: sql.one_organization,
    keys: sql.booking_keys,
  },
  { id: 'I19', title: 'There are no dead letters', statement: sql.no_dead_letters },
]
