import { type Db, loadSql } from '#platform/db'

const sql = loadSql(import.meta.url, [
  'delete_sessions',
  'delete_used_tokens',
  'delete_devices',
  'delete_failures',
  'delete_quotas',
  'delete_invitations',
])

const DAY_S = 24 * 3_600
/** Ended sessions are kept for a month, for the question "was that me?". */
const SESSIONS_KEEP_S = 30 * DAY_S
/** The stored answer to a repeated acceptance. */
const INVITATIONS_KEEP_S = 30 * DAY_S
const DEVICES_PER_PERSON_MAX = 20
/** Longer than the longest wait and the window of failures together (throttle.ts). */
const FAILURES_KEEP_S = 2 * DAY_S

/** Deletes rows without further effect. All decisions check times themselves, so a missed run costs only space. */
export async function sweep(deps: { db: Db }, input: { as_of: string | null }): Promise<void> {
  const { db } = deps
  const { as_of } = input
  await db.none(sql.delete_sessions, { as_of, keep_s: SESSIONS_KEEP_S })
  await db.none(sql.delete_used_tokens, { as_of, keep_s: DAY_S })
  await db.none(sql.delete_devices, { as_of, devices_max: DEVICES_PER_PERSON_MAX })
  await db.none(sql.delete_failures, { as_of, keep_s: FAILURES_KEEP_S })
  await db.none(sql.delete_quotas, { as_of, keep_s: DAY_S })
  await db.none(sql.delete_invitations, { as_of, keep_s: INVITATIONS_KEEP_S })
}
