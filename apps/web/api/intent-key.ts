const PREFIX = 'tessera.intent.'

/**
 * The idempotency key of one intent of a person ("pay for this booking"), kept over retries, reloads and a walk to the
 * bank and back. Another body is another intent and gets a fresh key: the API would refuse the old one.
 */
export function intentKey(name: string, body: unknown): string {
  const text = JSON.stringify(body)
  const stored = sessionStorage.getItem(PREFIX + name)
  if (stored) {
    const known: unknown = JSON.parse(stored)
    if (isKept(known) && known.body === text) return known.key
  }
  const key = crypto.randomUUID()
  sessionStorage.setItem(PREFIX + name, JSON.stringify({ key, body: text }))
  return key
}

/** The intent is over (done, or given up): the next one of that name is new even with the same body. */
export function endIntent(name: string): void {
  sessionStorage.removeItem(PREFIX + name)
}

function isKept(value: unknown): value is { key: string; body: string } {
  return (
    typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string' && 'body' in value
  )
}
