const KEY = 'tessera.hold'

/** The hold this tab made last, so that someone who steps back to the map finds the way to the checkout again. */
export type OpenHold = { booking_id: string; performance_id: string; expires_at: string }

export function rememberHold(hold: OpenHold): void {
  sessionStorage.setItem(KEY, JSON.stringify(hold))
}

export function forgetHold(): void {
  sessionStorage.removeItem(KEY)
}

/** The hold of this performance if its time is not over. */
export function openHold(performance_id: string, now_ms: number): OpenHold | null {
  const hold: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  if (!isHold(hold) || hold.performance_id !== performance_id || Date.parse(hold.expires_at) <= now_ms) return null
  return hold
}

function isHold(value: unknown): value is OpenHold {
  return (
    typeof value === 'object' &&
    value !== null &&
    'booking_id' in value &&
    'performance_id' in value &&
    'expires_at' in value &&
    typeof value.expires_at === 'string'
  )
}
