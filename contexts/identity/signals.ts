import type { Signals } from '#platform/signals'

/** Kept well below what one NOTIFY carries. */
const SESSIONS_PER_SIGNAL = 100

/** Tells every process to forget the access tokens of these sessions: `sessions-revoked` `{ session_ids }`. */
export function announceRevoked(signals: Signals, session_ids: readonly string[]): void {
  for (let at = 0; at < session_ids.length; at += SESSIONS_PER_SIGNAL) {
    signals.send('sessions-revoked', { session_ids: session_ids.slice(at, at + SESSIONS_PER_SIGNAL) })
  }
}

/** Tells every process to look this person's memberships up anew: `memberships-changed` `{ user_id }`. */
export function announceMembershipsChanged(signals: Signals, user_id: string): void {
  signals.send('memberships-changed', { user_id })
}

/** Calls back with the person of each `memberships-changed`; returns the way to stop. */
export function onMembershipsChanged(signals: Signals, forget: (user_id: string) => void): () => void {
  return signals.on('memberships-changed', (data) => {
    if (typeof data === 'object' && data !== null && 'user_id' in data && typeof data.user_id === 'string')
      forget(data.user_id)
  })
}
