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
/** Ended sessions stay a month: "was that me?" is asked late. */
const SESSIONS_KEEP_S = 30 * DAY_S
/** The answer to an acceptance that is repeated. */
const INVITATIONS_KEEP_S = 30 * DAY_S
const DEVICES_PER_PERSON_MAX = 20
/** Longer than the longest wait and the memory of failures together (throttle.ts). */
const FAILURES_KEEP_S = 2 * DAY_S

/** Deletes what has no more effect. Every decision elsewhere looks at times itself, so a missed run costs only room. */
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
