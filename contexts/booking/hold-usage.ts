/**
 * The outcome of a hold. `abandoned`: left to expire, or released in the second half of its life, so its seats were
 * unavailable to others for nothing. `free`: confirmed without a payment.
 */
export type HoldOutcomeRow = {
  booking_id: string
  expires_at: string
  outcome: 'open' | 'abandoned' | 'released' | 'free' | 'confirmed'
}

/**
 * How much one owner or source may hold open, how many abandoned holds are tolerated without a cool-down, and how many
 * abandoned ones a free booking makes up for.
 */
export type HoldAllowance = { open_max: number; abandoned_free: number; abandoned_step: number; free_clears: number }

/** The open holds of an owner or source, and those abandoned that nothing confirmed since makes up for. */
export type HoldUsage = {
  open: number
  /** When the first of the open holds ends. */
  first_ends_at_ms: number
  abandoned: number
  last_abandoned_at_ms: number
}

export type HoldRefusal = { because: 'open' | 'abandoned'; retry_after_s: number }

export const NO_USAGE: HoldUsage = {
  open: 0,
  first_ends_at_ms: Number.POSITIVE_INFINITY,
  abandoned: 0,
  last_abandoned_at_ms: 0,
}

/** The first cool-down is a tenth of a hold's life; it doubles with each step, up to twelve lives (an hour of 5 minutes). */
const FIRST_WAIT_LIVES = 0.1
const WAIT_LIVES_MAX = 12
const DOUBLINGS_MAX = 10

/**
 * Adds rows, ordered by time, to `before`. A paid booking clears all holds abandoned before it. A free one costs nothing to
 * make, so it clears only some: enough that a free sale with many real visitors does not refuse them.
 */
export function usageOf(
  rows: readonly HoldOutcomeRow[],
  { free_clears }: Pick<HoldAllowance, 'free_clears'>,
  before: HoldUsage = NO_USAGE,
): HoldUsage {
  const usage = { ...before }
  for (const { outcome, expires_at } of rows) {
    const ends_at_ms = Date.parse(expires_at)
    if (outcome === 'open') {
      usage.open++
      usage.first_ends_at_ms = Math.min(usage.first_ends_at_ms, ends_at_ms)
    } else if (outcome === 'abandoned') {
      usage.abandoned++
      usage.last_abandoned_at_ms = Math.max(usage.last_abandoned_at_ms, ends_at_ms)
    } else if (outcome === 'confirmed' || outcome === 'free') {
      usage.abandoned = outcome === 'free' ? Math.max(0, usage.abandoned - free_clears) : 0
      if (usage.abandoned === 0) usage.last_abandoned_at_ms = 0
    }
  }
  return usage
}

/** Null when another hold is allowed; otherwise the reason, and the seconds after which to retry. */
export function judgeUsage(
  usage: HoldUsage,
  allowance: HoldAllowance,
  hold_seconds: number,
  now_ms: number,
): HoldRefusal | null {
  const until_ms = cooldownEnd(usage, allowance, hold_seconds)
  if (until_ms > now_ms) return { because: 'abandoned', retry_after_s: secondsTo(until_ms, now_ms) }
  if (usage.open < allowance.open_max) return null
  const ends_at_ms = Math.min(usage.first_ends_at_ms, now_ms + hold_seconds * 1_000)
  return { because: 'open', retry_after_s: secondsTo(ends_at_ms, now_ms) }
}

function cooldownEnd(usage: HoldUsage, allowance: HoldAllowance, hold_seconds: number): number {
  const beyond = usage.abandoned - allowance.abandoned_free
  if (beyond <= 0) return 0
  const doublings = Math.min(Math.ceil(beyond / allowance.abandoned_step) - 1, DOUBLINGS_MAX)
  const lives = Math.min(FIRST_WAIT_LIVES * 2 ** doublings, WAIT_LIVES_MAX)
  return usage.last_abandoned_at_ms + lives * hold_seconds * 1_000
}

function secondsTo(then_ms: number, now_ms: number): number {
  return Math.max(1, Math.ceil((then_ms - now_ms) / 1_000))
}
