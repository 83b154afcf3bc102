import { createHash } from 'node:crypto'
import type { Form } from './api/form.ts'
import type { Remembered } from './objects.ts'
import { Refusal } from './refusal.ts'
import { IDEMPOTENCY_TTL_MS, type State } from './state.ts'

const KEY_MAX = 255

/** One value for all spellings of the same parameters: names are ordered at every level. */
export function fingerprintOf(form: Form): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(form)))
    .digest('base64url')
}

function ordered(form: Form): unknown {
  return Object.keys(form)
    .sort()
    .map((name) => {
      const value = form[name]
      return [name, typeof value === 'object' ? ordered(value) : value]
    })
}

/**
 * The answer that is to be repeated, or null when the request is the first with its key. Refused, in order: a key too
 * long (400), a key whose first request still runs (409), another endpoint or other parameters (400).
 */
export function recall(
  state: State,
  inUse: ReadonlySet<string>,
  request: { key: string; target: string; fingerprint: string; now_ms: number },
): Remembered | null {
  const { key, target, fingerprint } = request
  if (key.length > KEY_MAX) {
    throw idempotencyError(400, `Idempotency keys can be at most ${KEY_MAX} characters long.`)
  }
  if (inUse.has(key)) {
    throw idempotencyError(
      409,
      `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      'idempotency_key_in_use',
    )
  }
  const remembered = state.remembered.get(key)
  if (remembered === undefined || request.now_ms - remembered.at_ms >= IDEMPOTENCY_TTL_MS) return null
  if (remembered.target !== target) {
    throw idempotencyError(
      400,
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${remembered.target}' vs '${target}'). Try using a key other than '${key}' if you meant to execute a different request.`,
    )
  }
  if (remembered.fingerprint !== fingerprint) {
    throw idempotencyError(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    )
  }
  return remembered
}

function idempotencyError(status: number, message: string, code?: string): Refusal {
  return new Refusal(status, { type: 'idempotency_error', message, ...(code === undefined ? {} : { code }) })
}
