'use client'
import { TimerRing } from '../../ui/timer-ring.tsx'
import { useNow } from '../../ui/use-now.ts'
import { spanText } from '../../ui/when.ts'

const LAST_MINUTE_MS = 60_000

type Props = { expires_at: string; hold_ms: number; rendered_at: number }

/** What is left of a hold, by the server's clock. Calm until the last minute, which is said once to screen readers. */
export function HoldTimer({ expires_at, hold_ms, rendered_at }: Props) {
  const left_ms = Math.max(0, Date.parse(expires_at) - useNow(rendered_at))
  const late = left_ms <= LAST_MINUTE_MS
  return (
    <span className={`inline-flex items-center gap-2.5 font-semibold ${late ? 'text-accent' : ''}`}>
      <TimerRing share={left_ms / hold_ms} />
      <span role="timer" className="num" aria-label={`${spanText(left_ms)} left to pay`}>
        {spanText(left_ms)}
      </span>
      <span className="sr-only" aria-live="polite">
        {late && left_ms > 0 ? 'Less than a minute left.' : ''}
      </span>
    </span>
  )
}
