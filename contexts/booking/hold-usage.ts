/** What has become of the holds of an owner or source in one performance (`sql/hold_uses.sql` says what counts). */
export type HoldUses = {
  open_ids: readonly string[]
  first_ends_at: string | null
  /** In lives of a hold. */
  unused: number
  last_unused_at: string | null
  paid: number
  free: number
}

/**
 * How much one owner or source may hold open, how many unused lives are tolerated without a cool-down, and how many
 * more double the cool-down.
 */
export type HoldAllowance = { open_max: number; unused_free: number; unused_step: number }

/** The open holds of an owner or source, and the lives of its unused ones that no booking makes up for. */
export type HoldUsage = {
  open: number
  /** When the first of the open holds ends. */
  first_ends_at_ms: number
  unused: number
  last_unused_at_ms: number
}

export type HoldRefusal = { because: 'open' | 'unused'; retry_after_s: number }

export const NO_USAGE: HoldUsage = {
  open: 0,
  first_ends_at_ms: Number.POSITIVE_INFINITY,
  unused: 0,
  last_unused_at_ms: 0,
}

/** Holds that ended so many lives ago are forgotten: an hour, when a hold lives 5 minutes. */
export const MEMORY_LIVES = 12
/** The first cool-down is a tenth of a hold's life; it doubles with each step, until all is forgotten. */
const FIRST_WAIT_LIVES = 0.1
const DOUBLINGS_MAX = 10
/** Unused lives that one booking makes up for: nobody is refused of whose holds one in five is bought. */
const MADE_UP_BY_BOOKING = 4

/**
 * Each booking makes up for four unused lives while it stands; a free one only for those of its own performance, where
 * whoever books to hold more takes the very tickets that others want. Nothing clears the record, so that buying and
 * cancelling, which counts as unused too, gains nothing.
 */
export function usageOf(uses: readonly HoldUses[]): HoldUsage {
  const usage = { ...NO_USAGE }
  for (const { open_ids, first_ends_at, unused, last_unused_at, free } of uses) {
    usage.open += open_ids.length
    if (first_ends_at !== null) usage.first_ends_at_ms = Math.min(usage.first_ends_at_ms, Date.parse(first_ends_at))
    if (last_unused_at !== null) usage.last_unused_at_ms = Math.max(usage.last_unused_at_ms, Date.parse(last_unused_at))
    usage.unused += Math.max(0, unused - free * MADE_UP_BY_BOOKING)
  }
  const paid = uses.reduce((sum, use) => sum + use.paid, 0)
  usage.unused = Math.max(0, usage.unused - paid * MADE_UP_BY_BOOKING)
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
  if (until_ms > now_ms) return { because: 'unused', retry_after_s: secondsTo(until_ms, now_ms) }
  if (usage.open < allowance.open_max) return null
  const ends_at_ms = Math.min(usage.first_ends_at_ms, now_ms + hold_seconds * 1_000)
  return { because: 'open', retry_after_s: secondsTo(ends_at_ms, now_ms) }
}

function cooldownEnd(usage: HoldUsage, allowance: HoldAllowance, hold_seconds: number): number {
  const beyond = usage.unused - allowance.unused_free
  if (beyond <= 0) return 0
  const doublings = Math.min(Math.ceil(beyond / allowance.unused_step) - 1, DOUBLINGS_MAX)
  const lives = Math.min(FIRST_WAIT_LIVES * 2 ** doublings, MEMORY_LIVES)
  return usage.last_unused_at_ms + lives * hold_seconds * 1_000
}

function secondsTo(then_ms: number, now_ms: number): number {
  return Math.max(1, Math.ceil((then_ms - now_ms) / 1_000))
}
