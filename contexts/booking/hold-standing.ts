/** What became of a hold. `abandoned`: left to expire; its seats were free again, and nobody else could have them meanwhile. */
export type HoldOutcomeRow = {
  booking_id: string
  expires_at: string
  outcome: 'open' | 'abandoned' | 'released' | 'confirmed'
}

/** How much one owner or source may hold open, and how many abandoned holds are not held against it. */
export type HoldAllowance = { open_max: number; abandoned_free: number; abandoned_step: number }

/** How an owner or source stands: open holds, and those abandoned since a booking was last confirmed. */
export type HoldStanding = {
  open: number
  /** When the first of the open holds ends. */
  first_ends_at_ms: number
  abandoned: number
  last_abandoned_at_ms: number
}

export type HoldRefusal = { because: 'open' | 'abandoned'; retry_after_s: number }

export const NO_STANDING: HoldStanding = {
  open: 0,
  first_ends_at_ms: Number.POSITIVE_INFINITY,
  abandoned: 0,
  last_abandoned_at_ms: 0,
}

/** The first cool-down is a tenth of a hold's life; it doubles with each step, up to twelve lives (an hour of 5 minutes). */
const FIRST_WAIT_LIVES = 0.1
const WAIT_LIVES_MAX = 12
const DOUBLINGS_MAX = 10

/** Continues from `before` over rows that are ordered by time. A confirmed booking resets what was abandoned before it. */
export function standingOf(rows: readonly HoldOutcomeRow[], before: HoldStanding = NO_STANDING): HoldStanding {
  const standing = { ...before }
  for (const { outcome, expires_at } of rows) {
    const ends_at_ms = Date.parse(expires_at)
    if (outcome === 'open') {
      standing.open++
      standing.first_ends_at_ms = Math.min(standing.first_ends_at_ms, ends_at_ms)
    } else if (outcome === 'abandoned') {
      standing.abandoned++
      standing.last_abandoned_at_ms = Math.max(standing.last_abandoned_at_ms, ends_at_ms)
    } else if (outcome === 'confirmed') {
      standing.abandoned = 0
      standing.last_abandoned_at_ms = 0
    }
  }
  return standing
}

/** Null while another hold is allowed; else why not, and after how long to ask again. */
export function judgeStanding(
  standing: HoldStanding,
  allowance: HoldAllowance,
  hold_seconds: number,
  now_ms: number,
): HoldRefusal | null {
  const until_ms = cooldownEnd(standing, allowance, hold_seconds)
  if (until_ms > now_ms) return { because: 'abandoned', retry_after_s: secondsTo(until_ms, now_ms) }
  if (standing.open < allowance.open_max) return null
  const ends_at_ms = Math.min(standing.first_ends_at_ms, now_ms + hold_seconds * 1_000)
  return { because: 'open', retry_after_s: secondsTo(ends_at_ms, now_ms) }
}

function cooldownEnd(standing: HoldStanding, allowance: HoldAllowance, hold_seconds: number): number {
  const beyond = standing.abandoned - allowance.abandoned_free
  if (beyond <= 0) return 0
  const doublings = Math.min(Math.ceil(beyond / allowance.abandoned_step) - 1, DOUBLINGS_MAX)
  const lives = Math.min(FIRST_WAIT_LIVES * 2 ** doublings, WAIT_LIVES_MAX)
  return standing.last_abandoned_at_ms + lives * hold_seconds * 1_000
}

function secondsTo(then_ms: number, now_ms: number): number {
  return Math.max(1, Math.ceil((then_ms - now_ms) / 1_000))
}
