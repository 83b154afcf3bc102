import { LANGUAGES, type Language } from '@tessera/contracts/messages/languages'
import { type Translate, translator } from '@tessera/contracts/messages/translator'
import { orderNumberOf } from '@tessera/contracts/order-number'
import { shortCodeOf } from '@tessera/contracts/short-code'
import { rowKind } from '../seat-words.ts'
import type { PrintedTicket } from './printed-ticket.ts'
import { whenOf } from './when.ts'

export type Field = { name: string; value: string; share: number }

/** All text of a printed ticket, in reading order. */
export type TicketWords = {
  title: string
  when: string
  zone: string
  where: string
  fields: Field[]
  /** What the QR code is, for screen readers. */
  code: string
  short_code: string
  who: string
  order: string
  note: string
}

/** The text of a ticket in a language; what organizers and buyers wrote stays as they wrote it. */
export function ticketWords(ticket: PrintedTicket, language: Language): TicketWords {
  const { row, holder } = ticket
  const translate = translator(language)
  const { doors: doors_time, zone, ends, ...starts } = whenOf(row, LANGUAGES[language].formats)
  const doors = doors_time === null ? '' : translate('ticket.doors', { time: doors_time })
  const { position, tickets_of_booking: count } = row
  return {
    title: row.title,
    // Beside an end the doors have no room on the line.
    when: ends
      ? joined(' – ', [translate('ticket.when', starts), translate('ticket.when', ends)])
      : joined(' · ', [translate('ticket.when', starts), doors]),
    zone: ends ? joined(' · ', [zone, doors]) : zone,
    where: joined(', ', [row.venue_name, row.venue_address, row.venue_city]),
    fields: fieldsOf(ticket, translate),
    code: translate('ticket.code'),
    short_code: shortCodeOf(row.code_id),
    who: joined(' · ', [count > 1 ? translate('ticket.position', { position, count }) : '', holder ?? '']),
    order: translate('ticket.order', { tier: row.tier_name, number: orderNumberOf(row.booking_id) }),
    note: translate('ticket.note'),
  }
}

function joined(separator: string, parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(separator)
}

/** The data that ushers need, large: area, row and seat, or the ticket's label. */
function fieldsOf({ row, position }: PrintedTicket, translate: Translate): Field[] {
  const [area, seat] = [translate('ticket.area'), translate('ticket.seat')]
  const at_table = rowKind({ label: row.seat_label, position }) === 'table'
  const named = [
    { name: area, value: position?.section ?? '', share: 2 },
    { name: translate(at_table ? 'ticket.table' : 'ticket.row'), value: position?.row ?? '', share: 1 },
    { name: seat, value: position?.number ?? '', share: 1 },
  ].filter((field) => field.value !== '')
  if (row.seat_id === null) return [{ name: area, value: row.tier_name, share: 1 }]
  return named.length === 0 ? [{ name: seat, value: row.seat_label, share: 1 }] : named
}
