import type { Ticket } from '@tessera/contracts/http/ticketing'
import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import { shortCodeOf } from '@tessera/contracts/short-code'
import type { Log } from '#platform/telemetry'
import { holderNames } from './holder-names.ts'
import type { SeatPosition, SeatPositions } from './seat-positions.ts'
import type { SigningKeys } from './signing-keys.ts'
import { holderOf, type TicketRow } from './ticket-row.ts'
import type { Visibility } from './ticket-visibility.ts'
import { usedOf } from './used.ts'

type Deps = {
  checkin: Pick<CheckinRpc, 'used'>
  identity: Pick<IdentityRpc, 'person'>
  seatPositions: SeatPositions
  signingKeys: SigningKeys
  log: Log
}

/**
 * Tickets as the API shows them. Data of other contexts (used at the door, the holder's name, the seat's position) is
 * left out while they are unavailable: a ticket can always be shown. The code goes to holders only.
 */
export async function showTickets(
  deps: Deps,
  rows: readonly TicketRow[],
  visibility: Exclude<Visibility, 'none'>,
): Promise<Ticket[]> {
  const [used, names] = await Promise.all([
    usedOf(
      deps,
      rows.map((row) => ({ id: row.ticket_id, status: row.status })),
    ),
    holderNames(deps, rows),
  ])
  return Promise.all(
    rows.map(async (row) => {
      const position = await deps.seatPositions.positionOf(row.chart_id, row.seat_no)
      const code = visibility === 'holder' ? await deps.signingKeys.codeOf(row) : null
      return documentOf(row, {
        code,
        position,
        used: used.has(row.ticket_id),
        holder: holderOf(row) ?? names.get(row.user_id) ?? null,
      })
    }),
  )
}

type Added = { code: string | null; position: SeatPosition | null; used: boolean; holder: Ticket['holder'] }

function documentOf(row: TicketRow, added: Added): Ticket {
  return {
    id: row.ticket_id,
    booking_id: row.booking_id,
    code: added.code,
    short_code: added.code === null ? null : shortCodeOf(row.code_id),
    status: row.status === 'active' && added.used ? 'used' : row.status,
    position: row.position,
    of: row.tickets_of_booking,
    seat: row.seat_id === null ? null : { id: row.seat_id, label: row.seat_label, ...namedParts(added.position) },
    tier: { id: row.tier_id, name: row.tier_name },
    holder: added.holder,
    performance: {
      id: row.performance_id,
      event_id: row.event_id,
      title: row.title,
      genre: row.genre,
      start_time: row.start_time,
      end_time: row.end_time,
      doors_time: row.doors_time,
      venue: {
        id: row.venue_id,
        name: row.venue_name,
        address: row.venue_address,
        city: row.venue_city,
        country: row.venue_country,
        time_zone: row.time_zone,
      },
    },
  }
}

function namedParts(position: SeatPosition | null): Partial<SeatPosition> {
  return Object.fromEntries(Object.entries(position ?? {}).filter(([, part]) => part !== ''))
}
