import type { HoldBody } from '../../api/bodies.ts'
import { endIntent, intentKey } from '../../api/intent-key.ts'
import { holdSeats } from '../../api/operations.ts'
import { isProblem } from '../../api/problem.ts'
import { asSomeone } from '../../api/session.ts'

export type HoldOutcome =
  | { kind: 'held'; booking_id: string }
  /** Not free any more: ids of seats, or of a general-admission tier, that cannot be had any more. */
  | { kind: 'taken'; unavailable: string[] }
  | { kind: 'failed'; error: unknown }

/** Holds what was chosen. One intent has one key: a lost answer asked for again gets the same booking. `has_session`: see `asSomeone`. */
export async function holdChosen(body: HoldBody, has_session: boolean): Promise<HoldOutcome> {
  const name = `hold.${body.performance_id}`
  const idempotency_key = intentKey(name, body)
  try {
    const booking = await asSomeone(() => holdSeats({ body, idempotency_key }), has_session)
    endIntent(name)
    return { kind: 'held', booking_id: booking.booking_id }
  } catch (error) {
    // A refusal without effect is not remembered by the server either: the next try is a new intent.
    if (isProblem(error) && error.status >= 400 && error.status < 500) endIntent(name)
    if (!isProblem(error, 'seat-unavailable')) return { kind: 'failed', error }
    const { unavailable } = error.members
    return {
      kind: 'taken',
      unavailable: Array.isArray(unavailable) ? unavailable.filter((id) => typeof id === 'string') : [],
    }
  }
}
