import type { ChargeLimits } from '@tessera/contracts/pricing/chargeable'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { announce } from './announce.ts'
import { lockEvent } from './lock-event.ts'
import { type CandidatePerformance, type CandidateTier, judge } from './publishable.ts'

const sql = loadSql(import.meta.url, ['candidates', 'candidate_tiers', 'clock', 'publish_tiers', 'publish_event'])

type Deps = { tx: Tx; charge_limits: ChargeLimits }

type PublishOutcome =
  | { kind: 'published'; warnings: FieldError[] }
  | { kind: 'not-found' }
  /** It was cancelled, which is permanent. */
  | { kind: 'cancelled' }
  /** The organization awaits an admin's approval. */
  | { kind: 'unapproved' }
  | { kind: 'not-publishable'; errors: FieldError[] }

/**
 * Puts the event on sale, with everything added since the last publication; changes nothing when nothing is new. `tx`
 * acts for `organization_id`. The sale is open once `booking.open` has processed the announcements (`taken-note.ts`).
 */
export async function publish(
  { tx, charge_limits }: Deps,
  input: { organization_id: string; event_id: string; approved: boolean },
): Promise<PublishOutcome> {
  const event = await lockEvent(tx, { organization_id: input.organization_id, event_id: input.event_id })
  if (event === undefined) return { kind: 'not-found' }
  if (event.status === 'cancelled') return { kind: 'cancelled' }
  if (!input.approved) return { kind: 'unapproved' }
  const performances = await candidates(tx, input.event_id)
  const { now } = await tx.one<{ now: string }>(sql.clock)
  const { errors, warnings, fresh } = judge({ currency: event.currency, performances }, charge_limits, now)
  if (errors.length > 0) return { kind: 'not-publishable', errors }
  if (fresh.length > 0) {
    await tx.none(sql.publish_tiers, { performance_ids: fresh })
    await announce(tx, fresh)
    await tx.none(sql.publish_event, { event_id: event.id })
  }
  return { kind: 'published', warnings }
}

async function candidates(tx: Tx, event_id: string): Promise<CandidatePerformance[]> {
  const performances = await tx.many<Omit<CandidatePerformance, 'tiers'>>(sql.candidates, { event_id })
  const tiers = new Map<string, CandidateTier[]>(performances.map((performance) => [performance.id, []]))
  const rows = await tx.many<CandidateTier & { performance_id: string }>(sql.candidate_tiers, { event_id })
  for (const { performance_id, ...tier } of rows) tiers.get(performance_id)?.push(tier)
  return performances.map((performance) => ({ ...performance, tiers: tiers.get(performance.id) ?? [] }))
}
