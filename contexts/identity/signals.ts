import type { Signals } from '#platform/signals'

/** Well below the size of one NOTIFY. */
const SESSIONS_PER_SIGNAL = 100

/** Makes every process drop the access tokens of these sessions: `sessions-revoked` `{ session_ids }`. */
export function announceRevoked(signals: Signals, session_ids: readonly string[]): void {
  for (let at = 0; at < session_ids.length; at += SESSIONS_PER_SIGNAL) {
    signals.send('sessions-revoked', { session_ids: session_ids.slice(at, at + SESSIONS_PER_SIGNAL) })
  }
}

/** Makes every process read this person's memberships again: `memberships-changed` `{ user_id }`. */
export function announceMembershipsChanged(signals: Signals, user_id: string): void {
  signals.send('memberships-changed', { user_id })
}

/** Calls back with the person of each `memberships-changed`; returns a function that stops listening. */
export function onMembershipsChanged(signals: Signals, forget: (user_id: string) => void): () => void {
  return signals.on('memberships-changed', (data) => {
    if (typeof data === 'object' && data !== null && 'user_id' in data && typeof data.user_id === 'string')
      forget(data.user_id)
  })
}
