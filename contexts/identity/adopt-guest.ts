import type { IdentityEvents } from '@tessera/contracts/events/identity'
import { publisher } from '#platform/bus'
import type { Tx } from '#platform/db'
import type { Call } from '#platform/http'
import { cameByCookie, isBrowserSession } from './session-answer.ts'

const publish = publisher<IdentityEvents>()

/**
 * The guest whose session came with this sign-in, or null. A cookie alone counts only from our own script: another site
 * must not be able to move a guest's orders into an account of its choice.
 */
export function guestOf(call: Call): string | null {
  if (call.principal === null || !call.principal.guest) return null
  return cameByCookie(call) && !isBrowserSession(call) ? null : call.principal.user_id
}

/** Announces the adoption in the transaction that opens the account's session, so that a crash does not lose it. */
export async function announceAdoption(tx: Tx, guest_id: string | null, user_id: string): Promise<void> {
  if (guest_id !== null) await publish(tx, 'identity.guest_adopted', guest_id, { guest_id, user_id })
}
