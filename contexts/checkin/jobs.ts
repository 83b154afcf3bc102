import type { Db } from '#platform/db'
import type { Job } from '#platform/jobs'
import { foldDoorCounts } from './door-state.ts'

export function jobs(deps: { db: Db }): Job[] {
  return [{ name: 'checkin.fold-counts', every_ms: 1_000, run: () => foldDoorCounts(deps.db) }]
}
