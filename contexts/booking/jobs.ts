import type { Job } from '#platform/jobs'
import { releaseDueBlocks } from './block.ts'
import { resumeCancellations } from './cancel.ts'
import { cancelEventBookings } from './cancel-event.ts'
import { foldSalesChanges } from './count-money.ts'
import type { Deps } from './deps.ts'
import { announceExpired } from './expire.ts'

/** Expired seats are announced within a second. */
const ANNOUNCE_EVERY_MS = 250

export function jobs(deps: Deps): Job[] {
  return [
    {
      name: 'booking.announce-expired',
      every_ms: ANNOUNCE_EVERY_MS,
      run: async ({ as_of }) => {
        await announceExpired(deps, as_of)
      },
    },
    {
      name: 'booking.release-blocks',
      every_ms: 1_000,
      run: async ({ as_of }) => {
        for (const { performance_no, freed } of await releaseDueBlocks(deps.db, as_of))
          deps.onFreed(performance_no, freed)
      },
    },
    { name: 'booking.resume-cancellations', every_ms: 1_000, run: () => resumeCancellations(deps) },
    { name: 'booking.cancel-events', every_ms: 1_000, run: () => cancelEventBookings(deps) },
    { name: 'booking.fold-sales-changes', every_ms: 1_000, run: () => foldSalesChanges(deps.db) },
  ]
}
