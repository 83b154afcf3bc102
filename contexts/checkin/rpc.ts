import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import { openLookup } from '#platform/batching'
import type { Db } from '#platform/db'
import { revoke, usedTickets } from './revoke.ts'

export function rpc(deps: { db: Db }): CheckinRpc {
  const used = openLookup((ticket_ids: readonly string[]) => usedTickets(deps.db, ticket_ids))
  return {
    revoke: (input) => revoke(deps, input),
    used: async ({ ticket_ids }) => {
      const answers = await Promise.all(ticket_ids.map(used))
      return ticket_ids.filter((_ticket_id, i) => answers[i] === true)
    },
  }
}
