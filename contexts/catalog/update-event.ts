import type { EventChange } from '@tessera/contracts/http/catalog'
import { isId } from '@tessera/contracts/ids'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { announceAgain } from './announce.ts'
import { checkCurrency, checkEventTexts } from './create-event.ts'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { type LockedEvent, lockEvent } from './lock-event.ts'
import { localDate } from './moment.ts'
import { filterKey } from './plain-text.ts'
import { checkRefundPolicy, orderedPolicy } from './refund-policy.ts'

const sql = loadSql(import.meta.url, [
  'venue_is_there',
  'things_below',
  'update_event',
  'performance_starts',
  'set_local_dates',
])

type Deps = { tx: Tx }

type UpdateEventOutcome =
  | { kind: 'updated' }
  /** No such event, or no such venue, in this organization. */
  | { kind: 'not-found' }
  /** It changed since the version in `If-Match`. */
  | { kind: 'changed-meanwhile' }
  | InvalidInput
  | { kind: 'conflict'; detail: string }

type Input = {
  organization_id: string
  event_id: string
  change: EventChange
  /** True when the caller's `If-Match` names this version. Absent: no condition. */
  matches?: (version: number) => boolean
}

/**
 * Changes the given fields and keeps the others. A published event is announced again, so that tickets and pages
 * follow. Refusals in this order: unknown, condition, values, cancelled, fixed by the sale, unknown venue.
 */
export async function updateEvent({ tx }: Deps, input: Input): Promise<UpdateEventOutcome> {
  const { change } = input
  const event = await lockEvent(tx, input)
  if (event === undefined) return { kind: 'not-found' }
  if (input.matches !== undefined && !input.matches(event.version)) return { kind: 'changed-meanwhile' }
  const errors = fieldErrorsOf(change)
  if (errors.length > 0) return invalidInput(errors)
  const fixed = await whatIsFixed(tx, event, change)
  if (fixed !== undefined) return { kind: 'conflict', detail: fixed }
  if (change.venue_id !== undefined && change.venue_id !== event.venue_id) {
    const own = { venue_id: change.venue_id, organization_id: event.organization_id }
    const known = isId('ven', change.venue_id) && (await tx.maybe(sql.venue_is_there, own))
    if (known === false || known === undefined) return { kind: 'not-found' }
  }
  await tx.none(sql.update_event, {
    event_id: event.id,
    title: change.title ?? null,
    description: change.description ?? null,
    genre: change.genre ?? null,
    genre_key: change.genre === undefined ? null : filterKey(change.genre),
    venue_id: change.venue_id ?? null,
    currency: change.currency ?? null,
    refund_policy: change.refund_policy === undefined ? null : JSON.stringify(orderedPolicy(change.refund_policy)),
  })
  if (change.venue_id !== undefined) await setLocalDates(tx, event.id)
  if (event.status === 'published') await announceAgain(tx, event.id)
  return { kind: 'updated' }
}

function fieldErrorsOf(change: EventChange): FieldError[] {
  const field_errors: FieldError[] = []
  checkEventTexts(field_errors, change)
  if (change.currency !== undefined) checkCurrency(field_errors, change.currency)
  if (change.refund_policy !== undefined) checkRefundPolicy(field_errors, change.refund_policy)
  return field_errors
}

/** The reason why this change is no longer possible, or undefined. */
async function whatIsFixed(tx: Tx, event: LockedEvent, change: EventChange): Promise<string | undefined> {
  if (event.status === 'cancelled') return 'The event was cancelled.'
  const moves = change.venue_id !== undefined && change.venue_id !== event.venue_id
  const changesCurrency = change.currency !== undefined && change.currency !== event.currency
  if (!moves && !changesCurrency) return undefined
  if (event.status === 'published') return `The ${moves ? 'venue' : 'currency'} of an event on sale cannot change.`
  const below = await tx.one<{ has_tiers: boolean; has_charts: boolean }>(sql.things_below, { event_id: event.id })
  if (changesCurrency && below.has_tiers)
    return 'Its tiers have prices in the currency so far; remove their performances first.'
  if (moves && below.has_charts) return 'Its performances use charts of the venue so far; remove them first.'
  return undefined
}

/** Another venue may be in another time zone: the same instant may be another day. */
async function setLocalDates(tx: Tx, event_id: string): Promise<void> {
  const rows = await tx.many<{ id: string; start_time: string; time_zone: string }>(sql.performance_starts, {
    event_id,
  })
  await tx.none(sql.set_local_dates, {
    ids: rows.map((row) => row.id),
    local_dates: rows.map((row) => localDate(row.start_time, row.time_zone)),
  })
}
