import type { DoorState } from '@tessera/contracts/http/checkin'
import type { Permission } from '@tessera/contracts/permissions'
import type { Access, Principal } from '#platform/auth'
import { type Db, loadSql } from '#platform/db'
import type { Performances } from './performances.ts'

type Deps = { db: Db; access: Access<Permission>; performances: Performances }

type RecentRow = Omit<DoorState['recent'][number], 'holder'> & {
  entry: number
  holder_first_name: string | null
  holder_last_name: string | null
}

const sql = loadSql(import.meta.url, ['counts', 'fold_changes', 'recent'])

const RECENT_COUNT = 20

export type DoorStateOutcome = { kind: 'state'; state: DoorState; tag: string } | { kind: 'not-found' }

/**
 * The number admitted, the total, and the latest admissions. The tag changes whenever the state does: polling is cheap.
 */
export async function doorState(
  deps: Deps,
  input: { principal: Principal; performance_id: string },
): Promise<DoorStateOutcome> {
  const { performance_id } = input
  const owner = await deps.performances.find(performance_id)
  if (owner === undefined || !(await deps.access.mayIn(input.principal, 'checkins:read', owner)))
    return { kind: 'not-found' }
  const [counts, rows] = await Promise.all([
    deps.db.one<{ admitted: number; total: number }>(sql.counts, { performance_id }),
    deps.db.many<RecentRow>(sql.recent, { performance_id, row_count: RECENT_COUNT }),
  ])
  const recent = rows.map(({ entry: _, holder_first_name: first_name, holder_last_name: last_name, ...row }) => ({
    ...row,
    holder: first_name === null || last_name === null ? null : { first_name, last_name },
  }))
  const tag = `"${counts.admitted}-${counts.total}-${rows[0]?.entry ?? 0}"`
  return { kind: 'state', state: { performance_id, ...counts, recent }, tag }
}

const CHANGES_MAX = 10_000

/** Folds the changes of the counts into totals, so that few are left to read. Concurrent runs fold each once. */
export async function foldDoorCounts(db: Db): Promise<void> {
  let folded = CHANGES_MAX
  while (folded === CHANGES_MAX)
    folded = (await db.one<{ folded: number }>(sql.fold_changes, { limit: CHANGES_MAX })).folded
}
