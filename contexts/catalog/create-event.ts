import type { Event, EventInput } from '@tessera/contracts/http/catalog'
import { isId, newId } from '@tessera/contracts/ids'
import { isCurrency } from '@tessera/contracts/money'
import type { FieldError } from '@tessera/contracts/problems'
import { loadSql, type Tx } from '#platform/db'
import { type InvalidInput, invalidInput } from './invalid-input.ts'
import { type LimitExceeded, type OrganizationLimits, refuseBeyondLimits } from './organization-limits.ts'
import { checkText, filterKey } from './plain-text.ts'
import { readEvent } from './read-event.ts'
import { checkRefundPolicy, DEFAULT_REFUND_POLICY, orderedPolicy } from './refund-policy.ts'

const sql = loadSql(import.meta.url, ['venue_is_there', 'insert_event'])

type Deps = { tx: Tx; limits: OrganizationLimits }

type CreateEventOutcome =
  | { kind: 'created'; event: Event; version: number }
  | InvalidInput
  | LimitExceeded
  /** No such venue in this organization. */
  | { kind: 'not-found' }

const GENRE_WHEN_UNSAID = 'Other'

/** A draft, visible to its organization only. `tx` acts for `organization_id`. */
export async function createEvent(
  deps: Deps,
  input: EventInput & { organization_id: string; organizer_name: string },
): Promise<CreateEventOutcome> {
  const errors: FieldError[] = []
  checkEventTexts(errors, input)
  checkCurrency(errors, input.currency)
  const policy = input.refund_policy ?? DEFAULT_REFUND_POLICY
  checkRefundPolicy(errors, policy)
  if (errors.length > 0) return invalidInput(errors)
  const { organization_id, venue_id } = input
  const known = isId('ven', venue_id) && (await deps.tx.maybe(sql.venue_is_there, { organization_id, venue_id }))
  if (known === false || known === undefined) return { kind: 'not-found' }
  const refused = await refuseBeyondLimits(deps.tx, { organization_id, kind: 'events', limits: deps.limits })
  if (refused !== null) return refused
  const id = newId('evt')
  const genre = input.genre ?? GENRE_WHEN_UNSAID
  await deps.tx.none(sql.insert_event, {
    id,
    organization_id,
    organizer_name: input.organizer_name,
    venue_id,
    title: input.title,
    description: input.description ?? '',
    genre,
    genre_key: filterKey(genre),
    currency: input.currency,
    refund_policy: JSON.stringify(orderedPolicy(policy)),
  })
  const created = await readEvent(deps, { event_id: id, drafts: true })
  if (created === undefined) throw new Error(`The event ${id} was written and cannot be read`)
  return { kind: 'created', event: created.event, version: created.version }
}

export function checkEventTexts(
  field_errors: FieldError[],
  texts: { title?: string; description?: string; genre?: string },
): void {
  if (texts.title !== undefined) checkText(field_errors, '/title', texts.title, { filled: true })
  if (texts.description !== undefined) checkText(field_errors, '/description', texts.description, { lines: true })
  if (texts.genre !== undefined) checkText(field_errors, '/genre', texts.genre, { filled: true })
}

export function checkCurrency(field_errors: FieldError[], code: string): void {
  if (!isCurrency(code)) field_errors.push({ pointer: '/currency', detail: 'must be an ISO 4217 code such as EUR' })
}
