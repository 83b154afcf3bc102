import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { DoorTicket, TicketSummary } from '@tessera/contracts/rpc/ticketing'
import { type Db, loadSql } from '#platform/db'
import { decodeCursor, pageOf } from '#platform/http'
import type { Log } from '#platform/telemetry'
import { holderOf, type TicketRow } from './ticket-row.ts'
import { type Reader, ticketVisibility, type Visibility, type VisibilityDeps } from './ticket-visibility.ts'
import { usedOf } from './used.ts'

const sql = loadSql(import.meta.url, ['ticket', 'tickets_of_booking', 'tickets_of_user', 'summaries', 'door_ticket'])

type ReadDeps = VisibilityDeps & { db: Db }

export type Seen<Found> = ({ kind: 'seen'; visibility: Exclude<Visibility, 'none'> } & Found) | { kind: 'not-found' }

/** One ticket, for a reader who may see it. */
export async function readTicket(deps: ReadDeps, reader: Reader, ticket_id: string): Promise<Seen<{ row: TicketRow }>> {
  const row = await deps.db.maybe<TicketRow>(sql.ticket, { ticket_id })
  if (row === undefined) return { kind: 'not-found' }
  const visibility = await ticketVisibility(deps, reader, row)
  return visibility === 'none' ? { kind: 'not-found' } : { kind: 'seen', visibility, row }
}

/** All tickets of a booking in order, at least one, for a reader who may see them. */
export async function readBooking(
  deps: ReadDeps,
  reader: Reader,
  booking_id: string,
): Promise<Seen<{ rows: [TicketRow, ...TicketRow[]] }>> {
  const [first, ...others] = await deps.db.many<TicketRow>(sql.tickets_of_booking, { booking_id })
  if (first === undefined) return { kind: 'not-found' }
  const visibility = await ticketVisibility(deps, reader, first)
  return visibility === 'none' ? { kind: 'not-found' } : { kind: 'seen', visibility, rows: [first, ...others] }
}

type ListedRow = TicketRow & { bucket: number; sort_key: number }

/** A page of a person's tickets: upcoming ones, soonest first, then past ones, latest first. */
export async function listTickets(
  { db }: { db: Db },
  input: { user_id: string; limit: number; cursor: string | null },
): Promise<{ kind: 'page'; items: TicketRow[]; next_cursor: string | null } | { kind: 'malformed-request' }> {
  const after = input.cursor === null ? [] : decodeCursor(input.cursor, 3)
  if (after === undefined) return { kind: 'malformed-request' }
  const [bucket, sort_key, ticket_id] = after
  if (input.cursor !== null && (!isWhole(bucket) || typeof sort_key !== 'number' || typeof ticket_id !== 'string')) {
    return { kind: 'malformed-request' }
  }
  const rows = await db.many<ListedRow>(sql.tickets_of_user, {
    user_id: input.user_id,
    after_bucket: bucket ?? null,
    after_sort_key: sort_key ?? null,
    after_ticket_id: ticket_id ?? null,
    row_count: input.limit + 1,
  })
  return { kind: 'page', ...pageOf(rows, input.limit, (row) => [row.bucket, row.sort_key, row.ticket_id]) }
}

function isWhole(value: unknown): boolean {
  return value === 0 || value === 1
}

type SummaryDeps = { db: Db; checkin: Pick<CheckinRpc, 'used'>; log: Log }
type SummaryRow = TicketSummary & { booking_id: string; status: 'active' | 'void' }

/** The tickets of bookings in short, as booking shows them. */
export async function summariesOf(
  deps: SummaryDeps,
  booking_ids: readonly string[],
): Promise<Map<string, TicketSummary[]>> {
  const rows = await deps.db.many<SummaryRow>(sql.summaries, { booking_ids })
  const used = await usedOf(deps, rows)
  const summaries = rows.map(({ booking_id, ...ticket }) => ({
    booking_id,
    ticket: used.has(ticket.id) ? { ...ticket, status: 'used' as const } : ticket,
  }))
  const byBooking = Map.groupBy(summaries, (summary) => summary.booking_id)
  return new Map([...byBooking].map(([booking_id, own]) => [booking_id, own.map(({ ticket }) => ticket)]))
}

type DoorRow = Omit<DoorTicket, 'holder'> & Pick<TicketRow, 'holder_first_name' | 'holder_last_name'>

/** The ticket of a code whose event has not reached check-in yet. */
export async function doorTicket({ db }: { db: Db }, code_id: string): Promise<DoorTicket | null> {
  const row = await db.maybe<DoorRow>(sql.door_ticket, { code_id })
  if (row === undefined) return null
  const { holder_first_name, holder_last_name, ...ticket } = row
  return { ...ticket, holder: holderOf({ holder_first_name, holder_last_name }) }
}
