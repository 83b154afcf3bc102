import { loadSql } from '#platform/db'
import type { Invariant } from '#platform/invariants'

const sql = loadSql(import.meta.url, [
  'booking_keys',
  'seat_keys',
  'tickets_complete',
  'one_active_ticket_a_seat',
  'no_active_ticket_of_a_cancelled_booking',
  'every_ticket_can_be_signed',
  'tickets_belong_to_their_organization',
])

export const invariants: readonly Invariant[] = [
  {
    id: 'I7-ticketing',
    title: "A booking's tickets are complete, all good or none",
    statement: sql.tickets_complete,
    keys: sql.booking_keys,
  },
  {
    id: 'I7-seat',
    title: 'A seat has at most one good ticket',
    statement: sql.one_active_ticket_a_seat,
    keys: sql.seat_keys,
  },
  {
    id: 'I8-ticketing',
    title: 'No good ticket belongs to a cancelled booking',
    statement: sql.no_active_ticket_of_a_cancelled_booking,
    keys: sql.booking_keys,
  },
  {
    id: 'I24-key',
    title: 'Every ticket names a key that can sign it',
    statement: sql.every_ticket_can_be_signed,
    keys: sql.booking_keys,
  },
  {
    id: 'I29-ticketing',
    title: "A ticket's organization and event are its performance's",
    statement: sql.tickets_belong_to_their_organization,
    keys: sql.booking_keys,
  },
]
