import type { TicketingRpc } from '@tessera/contracts/rpc/ticketing'
import type { Deps } from './deps.ts'
import { doorTicket, summariesOf } from './read.ts'
import { publicKeys } from './signing-keys.ts'

export function rpc(deps: Deps): TicketingRpc {
  return {
    tickets_of: ({ booking_id }) => summariesOf(deps, booking_id),
    door_ticket: ({ code_id }) => doorTicket(deps, code_id),
    code_keys: () => publicKeys(deps.db),
  }
}
