import type { TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import { openLookup } from '#platform/batching'
import type { Deps } from './deps.ts'
import { doorTicket, summariesOf } from './read.ts'
import { publicKeys } from './signing-keys.ts'

export function rpc(deps: Deps): TicketingRpc {
  const ticketsOf = openLookup((booking_ids: readonly string[]) => summariesOf(deps, booking_ids))
  return {
    tickets_of: async ({ booking_id }) => (await ticketsOf(booking_id)) ?? [],
    door_ticket: ({ code_id }) => doorTicket(deps, code_id),
    code_keys: () => publicKeys(deps.db),
  }
}
