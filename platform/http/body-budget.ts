import { Transform, type TransformCallback } from 'node:stream'
import { LRUCache } from 'lru-cache'

const MB = 1_048_576
const HOUR_MS = 3_600_000
/** Accounts whose hour is remembered; beyond them the one idle for longest is forgotten. */
const ACCOUNTS_MAX = 10_000
/** When bytes in flight are too many: an upload takes seconds. */
const IN_FLIGHT_RETRY_S = 5

/** Bytes of large bodies that one process takes. Two charts of 64 MB fit in flight for one account. */
const LIMITS = {
  account_in_flight: 128 * MB,
  total_in_flight: 512 * MB,
  account_per_hour: 1_024 * MB,
  total_per_hour: 16_384 * MB,
}

export type Reservation = {
  kind: 'reserved'
  /** Counts bytes as they arrive; returns the seconds to wait when they exceed the budget. */
  read(bytes: number): number | null
  /** The body has been released from memory. Returns announced bytes that never arrived. */
  release(): void
}

export type BodyBudget = {
  /**
   * Reserves the announced bytes (0: unknown, counted on arrival) before any is read; otherwise the seconds to wait.
   */
  reserve(account: string, announced_bytes: number): Reservation | { kind: 'over-budget'; retry_after_s: number }
}

type Use = { in_flight: number; hour: number; resets_at_ms: number }

/**
 * Counts the bytes of large bodies in flight and per hour, per account and in this process; `now_ms` is the clock. An
 * account's bytes count from their announcement on, those of the process as they arrive: otherwise a few accounts that
 * announce and send nothing would keep everybody else from sending.
 */
export function createBodyBudget(limits: Partial<typeof LIMITS> = {}, now_ms: () => number = Date.now): BodyBudget {
  const max = { ...LIMITS, ...limits }
  const accounts = new LRUCache<string, Use>({ max: ACCOUNTS_MAX })
  const total = newUse()
  /** The seconds until the account has room for `own` more bytes and the process for `all`; null when both have. */
  const waitFor = (use: Use, own: number, all: number): number | null => {
    const now = now_ms()
    for (const one of [use, total])
      if (one.resets_at_ms <= now) Object.assign(one, { hour: 0, resets_at_ms: now + HOUR_MS })
    if (use.in_flight + own > max.account_in_flight || total.in_flight + all > max.total_in_flight)
      return IN_FLIGHT_RETRY_S
    const full = use.hour + own > max.account_per_hour ? use : total.hour + all > max.total_per_hour ? total : null
    return full === null ? null : Math.ceil((full.resets_at_ms - now) / 1_000)
  }
  const add = (use: Use, bytes: number): void => {
    use.in_flight += bytes
    use.hour += bytes
  }
  return {
    reserve: (account, announced_bytes) => {
      const use = accounts.get(account) ?? newUse()
      accounts.set(account, use)
      const retry_after_s = waitFor(use, announced_bytes, announced_bytes)
      if (retry_after_s !== null) return { kind: 'over-budget', retry_after_s }
      add(use, announced_bytes)
      let reserved = announced_bytes
      let arrived = 0
      return {
        kind: 'reserved',
        read: (bytes) => {
          const more = Math.max(0, arrived + bytes - reserved)
          const wait_s = waitFor(use, more, bytes)
          if (wait_s !== null) return wait_s
          add(use, more)
          add(total, bytes)
          reserved += more
          arrived += bytes
          return null
        },
        release: () => {
          use.in_flight -= reserved
          use.hour = Math.max(0, use.hour - (reserved - arrived))
          total.in_flight -= arrived
          reserved = 0
          arrived = 0
        },
      }
    },
  }
}

function newUse(): Use {
  return { in_flight: 0, hour: 0, resets_at_ms: 0 }
}

/** A body without an announced length exceeded its budget on arrival. */
export class BodyBudgetError extends Error {
  override name = 'BodyBudgetError'
  readonly retry_after_s: number
  constructor(retry_after_s: number) {
    super('Too many bytes of large bodies')
    this.retry_after_s = retry_after_s
  }
}

/** Passes a body on and counts it. Fastify reads `receivedEncodedLength` to compare it with Content-Length. */
export class CountedBody extends Transform {
  receivedEncodedLength = 0
  readonly #reservation: Reservation

  constructor(reservation: Reservation) {
    super()
    this.#reservation = reservation
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.receivedEncodedLength += chunk.length
    const wait_s = this.#reservation.read(chunk.length)
    if (wait_s === null) done(null, chunk)
    else done(new BodyBudgetError(wait_s))
  }
}
