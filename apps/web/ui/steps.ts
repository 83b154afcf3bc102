/** What a stepper may say: `min` to `max`, where nothing lies between `min` and `begins_at`. */
export type Steps = { min: number; begins_at: number; max: number }

/** One less, and from `begins_at` straight down to `min`; null at the end. */
export function stepDown(value: number, { min, begins_at }: Steps): number | null {
  if (value <= min) return null
  return value <= begins_at ? min : value - 1
}

/** One more, and from `min` straight up to `begins_at`; null at the end. */
export function stepUp(value: number, { begins_at, max }: Steps): number | null {
  const next = Math.max(value + 1, begins_at)
  return next > max ? null : next
}
