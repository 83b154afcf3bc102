import type { CheckinEvents } from '@tessera/contracts/events/checkin'
import type { Permission } from '@tessera/contracts/permissions'
import type { Access, Principal } from '#platform/auth'
import { publisher } from '#platform/bus'
import { type Db, loadSql, type Tx } from '#platform/db'
import type { Performances } from './performances.ts'

type Deps = { db: Db; access: Access<Permission>; performances: Performances }

const sql = loadSql(import.meta.url, ['admission', 'free_ticket', 'log_undone'])
const publish = publisher<CheckinEvents>()

export type LoggedAdmission = { checkin_id: string; ticket_id: string; performance_id: string }

/** An admission of a performance where this principal may scan; undefined otherwise. */
export async function findAdmission(
  deps: Deps,
  input: { principal: Principal; checkin_id: string },
): Promise<LoggedAdmission | undefined> {
  const admission = await deps.db.maybe<LoggedAdmission>(sql.admission, { checkin_id: input.checkin_id })
  if (admission === undefined) return undefined
  const owner = await deps.performances.find(admission.performance_id)
  if (owner === undefined || !(await deps.access.mayIn(input.principal, 'tickets:scan', owner))) return undefined
  return admission
}

/**
 * Undoes an admission, once: the ticket can be used again, the log keeps both entries. Refused when it was undone
 * before.
 */
export async function undo(
  tx: Tx,
  admission: LoggedAdmission,
  staff_user_id: string,
): Promise<{ kind: 'undone' } | { kind: 'conflict' }> {
  const { checkin_id, ticket_id, performance_id } = admission
  if ((await tx.maybe(sql.free_ticket, { ticket_id, checkin_id })) === undefined) return { kind: 'conflict' }
  await tx.none(sql.log_undone, { checkin_id, ticket_id, performance_id, staff_user_id })
  await publish(tx, 'checkin.undone', ticket_id, { checkin_id, ticket_id, performance_id })
  return { kind: 'undone' }
}
