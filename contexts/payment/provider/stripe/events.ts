import { isId } from '@tessera/contracts/ids'
import type { ProviderEvent } from '../provider.ts'

/** The types of events that say something about our money, and what is to be looked at after each. */
const ABOUT: ReadonlyMap<string, NonNullable<ProviderEvent['about']>> = new Map([
  ['payment_intent.succeeded', 'intent'],
  ['payment_intent.payment_failed', 'intent'],
  ['payment_intent.processing', 'intent'],
  ['payment_intent.requires_action', 'intent'],
  ['payment_intent.canceled', 'intent'],
  ['checkout.session.completed', 'intent'],
  ['charge.refunded', 'refunds'],
  ['refund.created', 'refund'],
  ['refund.updated', 'refund'],
  ['refund.failed', 'refund'],
  ['charge.dispute.created', 'dispute'],
  ['charge.dispute.updated', 'dispute'],
  ['charge.dispute.closed', 'dispute'],
  ['charge.dispute.funds_withdrawn', 'dispute'],
  ['charge.dispute.funds_reinstated', 'dispute'],
])

/** Stripe lists at most twenty types at once. */
export const EVENT_TYPES = [...ABOUT.keys()]

/** Ids and types are visible ASCII; Stripe promises at most 255 characters. */
const TOKEN = /^[\x21-\x7e]{1,255}$/

/**
 * Reads as little of an event as it can: what it is about. Null for anything that is not a well-formed event, whoever
 * signed it, so that nothing of it can fail later on.
 */
export function readEvent(given: unknown): ProviderEvent | null {
  const event_id = member(given, 'id')
  const type = member(given, 'type')
  const created = member(given, 'created')
  const subject = member(member(given, 'data'), 'object')
  if (member(given, 'object') !== 'event' || !isToken(event_id) || !isToken(type)) return null
  if (!Number.isSafeInteger(created) || Number(created) < 0 || !isRecord(subject)) return null
  const about = ABOUT.get(type) ?? null
  const event = { event_id, type, about, intent_ref: null, refund_ref: null, dispute_ref: null, payment_hint: null }
  return about === null ? event : withReferences({ ...event, about }, subject)
}

function withReferences(
  event: ProviderEvent & { about: NonNullable<ProviderEvent['about']> },
  subject: object,
): ProviderEvent | null {
  const own = member(subject, 'id')
  const named = reference(member(subject, 'payment_intent'))
  const hint = member(member(subject, 'metadata'), 'payment_id')
  if (!isToken(own) || named === undefined) return null
  return {
    ...event,
    intent_ref: event.type.startsWith('payment_intent.') ? own : named,
    refund_ref: event.about === 'refund' ? own : null,
    dispute_ref: event.about === 'dispute' ? own : null,
    payment_hint: typeof hint === 'string' && isId('pay', hint) ? hint : null,
  }
}

/** The id in a reference, expanded or not; null where there is none; undefined for what is no reference at all. */
function reference(given: unknown): string | null | undefined {
  if (given === undefined || given === null) return null
  const id = isRecord(given) ? member(given, 'id') : given
  return isToken(id) ? id : undefined
}

function member(given: unknown, name: string): unknown {
  return isRecord(given) && Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined
}

function isRecord(given: unknown): given is object {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function isToken(given: unknown): given is string {
  return typeof given === 'string' && TOKEN.test(given)
}
