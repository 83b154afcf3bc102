import {
  AccessQuery,
  BookingParams,
  PrintQuery,
  Ticket,
  TicketPage,
  TicketPageQuery,
  TicketParams,
} from '@tessera/contracts/http/ticketing'
import { isId } from '@tessera/contracts/ids'
import { DEFAULT_LANGUAGE, LANGUAGE_TAGS, type Language } from '@tessera/contracts/messages/languages'
import { type Translate, translator } from '@tessera/contracts/messages/translator'
import { orderNumberOf } from '@tessera/contracts/order-number'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { answer, type Call, type Http, languageHeaders, limitOf, negotiateLanguage, type Outcome } from '#platform/http'
import { calendarOf } from './calendar.ts'
import type { Deps } from './deps.ts'
import { printTickets } from './print/print-tickets.ts'
import { qrPng, qrSvg } from './qr.ts'
import { listTickets, readBooking, readTicket } from './read.ts'
import { seatWords } from './seat-words.ts'
import { showTickets } from './show.ts'
import type { TicketRow } from './ticket-row.ts'
import type { Reader } from './ticket-visibility.ts'

const PRINT_RETRY_S = 2
const TAG = 'Tickets'

type TicketCall = Call<{ ticket_id: string }, { access?: string }>
type BookingCall = Call<{ booking_id: string }, { access?: string }>

export function routes(http: Http<Permission>, deps: Deps): void {
  documentRoutes(http, deps)
  codeRoutes(http, deps)
  bookingRoutes(http, deps)
}

function documentRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/tickets/:ticket_id',
      id: 'getTicket',
      summary: 'A ticket; its code only to its holder',
      tag: TAG,
      access: 'public',
      params: TicketParams,
      query: AccessQuery,
      responses: { 200: Ticket },
      problems: ['unauthenticated', 'not-found'],
    },
    async (call) => {
      const found = await findTicket(deps, call)
      if (found.kind !== 'seen') return refuse(found)
      const [ticket] = await showTickets(deps, [found.row], found.visibility)
      return answer(200, ticket, PRIVATE)
    },
  )
  http.route(
    {
      method: 'GET',
      url: '/api/v1/users/me/tickets',
      id: 'listMyTickets',
      summary: 'Your tickets, upcoming ones first',
      tag: TAG,
      access: 'tickets:read:own',
      query: TicketPageQuery,
      responses: { 200: TicketPage },
    },
    async (call) => {
      const page = await listTickets(deps, {
        user_id: call.principal.user_id,
        limit: limitOf(call.query),
        cursor: call.query.cursor ?? null,
      })
      if (page.kind === 'malformed-request') return problem('malformed-request', 'This cursor was not made by us.')
      const items = await showTickets(deps, page.items, 'holder')
      return answer(
        200,
        { items, next_cursor: page.next_cursor },
        { ...PRIVATE, ...linkTo(page.next_cursor, call.query.limit) },
      )
    },
  )
}

function codeRoutes(http: Http<Permission>, deps: Deps): void {
  const files = [
    { file: 'qr.svg', id: 'getTicketQrSvg', type: 'image/svg+xml', draw: qrSvg },
    { file: 'qr.png', id: 'getTicketQrPng', type: 'image/png', draw: qrPng },
  ]
  for (const { file, id, type, draw } of files) {
    http.route(
      {
        method: 'GET',
        url: `/api/v1/tickets/:ticket_id/${file}`,
        id,
        summary: `The ticket's code as ${type}, to its holder`,
        tag: TAG,
        access: 'public',
        params: TicketParams,
        query: AccessQuery,
        responses: { 200: type },
        problems: ['unauthenticated', 'not-found', 'conflict'],
      },
      async (call) => {
        const found = await findTicket(deps, call)
        if (found.kind !== 'seen') return refuse(found)
        if (found.visibility !== 'holder') return problem('not-found')
        if (found.row.status === 'void') return VOID
        const code = await deps.signingKeys.codeOf(found.row)
        return answer(200, draw(code), {
          ...PRIVATE,
          'content-type': type,
          etag: `"${found.row.key_id}-${found.row.code_id}"`,
        })
      },
    )
  }
  http.route(
    {
      method: 'GET',
      url: '/api/v1/tickets/:ticket_id/pdf',
      id: 'getTicketPdf',
      summary: 'The ticket to print, to its holder',
      tag: TAG,
      access: 'public',
      params: TicketParams,
      query: PrintQuery,
      responses: { 200: 'application/pdf' },
      problems: ['unauthenticated', 'not-found', 'conflict', 'unavailable'],
    },
    async (call) => {
      const found = await findTicket(deps, call)
      if (found.kind !== 'seen') return refuse(found)
      if (found.visibility !== 'holder') return problem('not-found')
      if (found.row.status === 'void') return VOID
      return printed(deps, call, [found.row], `ticket-${orderNumberOf(found.row.booking_id)}.pdf`)
    },
  )
}

function bookingRoutes(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/api/v1/bookings/:booking_id/tickets.pdf',
      id: 'getBookingTicketsPdf',
      summary: 'All tickets of a booking to print, a page each, to their holder',
      tag: TAG,
      access: 'public',
      params: BookingParams,
      query: PrintQuery,
      responses: { 200: 'application/pdf' },
      problems: ['unauthenticated', 'not-found', 'conflict', 'unavailable'],
    },
    async (call) => {
      const found = await findBooking(deps, call)
      if (found.kind !== 'seen') return refuse(found)
      if (found.visibility !== 'holder') return problem('not-found')
      const rows = found.rows.filter((row) => row.status === 'active')
      if (rows.length === 0) return VOID
      return printed(deps, call, rows, `tickets-${orderNumberOf(call.params.booking_id)}.pdf`)
    },
  )
  http.route(
    {
      method: 'GET',
      url: '/api/v1/bookings/:booking_id/calendar.ics',
      id: 'getBookingCalendar',
      summary: 'A booking as a calendar file',
      tag: TAG,
      access: 'public',
      params: BookingParams,
      query: PrintQuery,
      responses: { 200: 'text/calendar' },
      problems: ['unauthenticated', 'not-found'],
    },
    async (call) => {
      const found = await findBooking(deps, call)
      if (found.kind !== 'seen') return refuse(found)
      const language = languageOf(call)
      const translate = translator(language)
      const [first, ...others] = found.rows
      const inWords = (row: TicketRow): Promise<TicketRow> => withSeatWords(deps, translate, row)
      const rows = await Promise.all([inWords(first), ...others.map(inWords)])
      return answer(200, calendarOf(rows, deps.public_origin, translate), {
        ...PRIVATE,
        ...languageHeaders(language),
        'content-type': 'text/calendar; charset=utf-8',
        'content-disposition': `attachment; filename="order-${orderNumberOf(call.params.booking_id)}.ics"`,
      })
    },
  )
}

/** An order link must not leak through a referrer, nor a ticket through a shared cache. */
const PRIVATE = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' }

const VOID = problem('conflict', 'This ticket was cancelled and admits nobody.')

function refuse({ kind }: { kind: 'unauthenticated' | 'not-found' }): Outcome {
  return problem(kind)
}

/** Without any credential 401; otherwise the answer does not show whether the ticket exists. */
async function findTicket(deps: Deps, call: TicketCall) {
  const reader = readerOf(call)
  if (reader === null) return { kind: 'unauthenticated' as const }
  return isId('tkt', call.params.ticket_id)
    ? readTicket(deps, reader, call.params.ticket_id)
    : { kind: 'not-found' as const }
}

async function findBooking(deps: Deps, call: BookingCall) {
  const reader = readerOf(call)
  if (reader === null) return { kind: 'unauthenticated' as const }
  return isId('bk', call.params.booking_id)
    ? readBooking(deps, reader, call.params.booking_id)
    : { kind: 'not-found' as const }
}

function readerOf({ principal, query }: Call<unknown, { access?: string }>): Reader | null {
  const order_token = query.access ?? null
  return principal === null && order_token === null ? null : { principal, order_token }
}

async function withSeatWords(deps: Deps, translate: Translate, row: TicketRow): Promise<TicketRow> {
  const position = await deps.seatPositions.positionOf(row.chart_id, row.seat_no)
  return { ...row, seat_label: seatWords(translate, { label: row.seat_label, position }) }
}

type PrintCall = Call<unknown, { locale?: string }>

/** The language of a file that a person keeps: the one asked for, or the browser's. */
function languageOf({ headers, query }: PrintCall): Language {
  return negotiateLanguage({ languages: LANGUAGE_TAGS, fallback: DEFAULT_LANGUAGE }, headers, query.locale)
}

async function printed(deps: Deps, call: PrintCall, rows: readonly TicketRow[], filename: string): Promise<Outcome> {
  const language = languageOf(call)
  const print = await printTickets(deps, rows, language)
  switch (print.kind) {
    case 'saturated':
      return problem(
        'unavailable',
        'Many tickets are being drawn now; try again in a moment.',
        undefined,
        PRINT_RETRY_S,
      )
    case 'printed':
      return answer(200, print.pdf, {
        ...PRIVATE,
        ...languageHeaders(language),
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="${filename}"`,
      })
  }
}

function linkTo(next_cursor: string | null, limit: number | undefined): Record<string, string> {
  if (next_cursor === null) return {}
  const query = new URLSearchParams({ ...(limit === undefined ? {} : { limit: String(limit) }), cursor: next_cursor })
  return { link: `</api/v1/users/me/tickets?${query}>; rel="next"` }
}
