import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import type { Principal } from '#platform/auth'
import type { Tx } from '#platform/db'
import { type Call, type Outcome, onceByKey } from '#platform/http'
import { notFound } from '../answers.ts'
import type { Deps } from '../deps.ts'
import { saleEnded, saleOpened } from '../taken-note.ts'
import { actingFor, type OwnEvent, ownEventOf } from '../tenant.ts'

type Target = { kind: 'event' | 'performance' | 'tier'; id: string; permission?: Permission }

/** The effect in booking for which a successful write waits before it is answered. */
type Effect = 'none' | 'sale-opened' | 'sale-ended'

/**
 * A write to an event, or to something below it, by its organization: `work` runs in a transaction that acts for the
 * organization, once per key; then the event's pages are invalidated, whatever the outcome, and a success is answered
 * once its `effect` is there (503 `unavailable` until then: a repeat waits for it again).
 */
export async function organizerWrite(
  deps: Deps,
  call: Pick<Call, 'idempotency'>,
  own: OwnEvent,
  effect: Effect,
  work: (tx: Tx) => Promise<Outcome>,
): Promise<Outcome> {
  const { organization_id, event_id } = own
  const answered = await onceByKey(deps.db, call.idempotency, work, actingFor(organization_id))
  deps.documents.changed(event_id)
  if (answered.kind !== 'answer') return answered
  if (effect === 'sale-opened' && !(await saleOpened(deps, { event_id })))
    return notYet('It is written; the sale is still opening')
  if (effect === 'sale-ended' && !(await saleEnded(deps, { event_id })))
    return notYet('It is cancelled; its sale is still closing')
  return answered
}

/** The same for what `id` names, if the caller has the permission on it; otherwise it is unknown (404). */
export async function writeTo(
  deps: Deps,
  call: Pick<Call<unknown, unknown, unknown, Principal>, 'idempotency' | 'principal'>,
  { permission = 'events:update:own', kind, id }: Target,
  effect: Effect,
  work: (tx: Tx, own: OwnEvent) => Promise<Outcome>,
): Promise<Outcome> {
  const own = await ownEventOf(deps, call.principal, permission, kind, id)
  if (own === undefined) return notFound()
  return organizerWrite(deps, call, own, effect, (tx) => work(tx, own))
}

/** Committed, but not yet effective in booking. */
function notYet(what: string): Outcome {
  return problem('unavailable', `${what}; send the same request again.`, undefined, 1)
}
