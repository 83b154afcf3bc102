import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { Log } from '#platform/telemetry'

type Deps = { checkin: Pick<CheckinRpc, 'used'>; log: Log }

/** Those of these tickets that were used at the door; none while check-in is unavailable. */
export async function usedOf(
  deps: Deps,
  tickets: readonly { id: string; status: 'active' | 'void' }[],
): Promise<Set<string>> {
  const ticket_ids = tickets.filter((ticket) => ticket.status === 'active').map((ticket) => ticket.id)
  if (ticket_ids.length === 0) return new Set()
  try {
    return new Set(await deps.checkin.used({ ticket_ids }))
  } catch (error) {
    deps.log.warn({ err: error }, 'check-in is unavailable; tickets show as not used')
    return new Set()
  }
}
