import { money } from '@tessera/contracts/money'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import { adopt } from './adopt.ts'
import type { Deps } from './deps.ts'
import { orderTokenFits } from './order-link.ts'
import { readBooking } from './read.ts'
import { settle } from './settle.ts'

/** How long a payment waits for its tickets before it answers `processing`. */
const TICKETS_WAIT_MS = 2_500
const TICKETS_LOOK_MS = 25

export function rpc(deps: Deps): BookingRpc {
  return {
    payable: async ({ booking_id }) => {
      const row = await readBooking(deps.reads, booking_id)
      if (row === undefined) return null
      const sale = await deps.on_sale.loadByNo(row.performance_no)
      return {
        booking_id,
        user_id: row.owner_id,
        organization_id: row.organization_id,
        event_id: row.event_id,
        status: row.status,
        alive: row.alive,
        event_cancelled: row.performance_status === 'cancelled',
        hold_expires_at: row.expires_at,
        total: money(row.total, sale.currency),
        description: row.title,
      }
    },
    settle_paid: async (input) => {
      const outcome = await settle(deps, { ...input, actor: 'payment' })
      const tickets_issued =
        outcome.kind === 'confirmed' && outcome.event_id !== null
          ? await deps.delivered(outcome.event_id, ['ticketing.issue'], TICKETS_WAIT_MS)
          : outcome.kind === 'already-confirmed' && (await ticketsOfEarlier(deps, input.booking_id))
      return { ...outcome, tickets_issued }
    },
    adopt: (input) => adopt(deps, input),
    order_link_fits: async ({ booking_id, token }) => {
      const row = await readBooking(deps.reads, booking_id)
      return row !== undefined && orderTokenFits(deps, row, token)
    },
    owner: async ({ booking_id }) => {
      const row = await readBooking(deps.reads, booking_id)
      return row === undefined
        ? null
        : { user_id: row.owner_id, organization_id: row.organization_id, event_id: row.event_id }
    },
  }
}

/**
 * Another caller confirmed it: a webhook a moment ago, whose tickets are being issued, or a process that crashed before.
 * True once there are tickets.
 */
async function ticketsOfEarlier(deps: Deps, booking_id: string): Promise<boolean> {
  const until_ms = performance.now() + TICKETS_WAIT_MS
  while (!(await hasTickets(deps, booking_id))) {
    if (performance.now() >= until_ms) return false
    await new Promise((resolve) => setTimeout(resolve, TICKETS_LOOK_MS))
  }
  return true
}

async function hasTickets(deps: Deps, booking_id: string): Promise<boolean> {
  try {
    return (await deps.rpc.ticketing.tickets_of({ booking_id })).length > 0
  } catch (error) {
    deps.telemetry.log.warn({ err: error, booking_id }, 'the tickets of a booking could not be read')
    return false
  }
}
