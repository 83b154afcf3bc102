import type { Ticket } from '@tessera/contracts/http/ticketing'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Log } from '#platform/telemetry'
import type { TicketRow } from './ticket-row.ts'

type Deps = { identity: Pick<IdentityRpc, 'person'>; log: Log }

/** The names of account holders, for orders that name no holder. */
export async function holderNames(
  deps: Deps,
  rows: readonly TicketRow[],
): Promise<Map<string, NonNullable<Ticket['holder']>>> {
  const user_ids = new Set(rows.filter((row) => row.holder_first_name === null).map((row) => row.user_id))
  const names = new Map<string, NonNullable<Ticket['holder']>>()
  for (const user_id of user_ids) {
    try {
      const person = await deps.identity.person({ user_id })
      if (person?.first_name != null && person.last_name !== null) {
        names.set(user_id, { first_name: person.first_name, last_name: person.last_name })
      }
    } catch (error) {
      deps.log.warn({ err: error }, 'identity is unavailable; a ticket shows no name')
    }
  }
  return names
}
