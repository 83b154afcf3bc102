import Link from 'next/link'
import type { Performance } from '../../api/bodies.ts'
import { paths } from '../../paths.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { soonWhen } from '../../ui/when.ts'
import type { NextStep } from './availability.ts'

type Props = {
  step: NextStep
  performance: Performance
  time_zone: string
  suffix?: string | undefined
  wide?: boolean
  now_ms: number
}

/** The one button of an event; where there is nothing to do yet, its label says why and until when. */
export function NextStepButton({ step, performance, time_zone, suffix, wide, now_ms }: Props) {
  const width = wide ? 'w-full' : ''
  if (step.kind === 'choose')
    return (
      <Link className={`btn ${width}`} href={paths.seats(performance.id)}>
        {step.label}
        {suffix && ` · ${suffix}`}
      </Link>
    )
  if (step.kind === 'held')
    return (
      <Link className={`btn ${width}`} href={paths.seats(performance.id)}>
        Look for what comes back
      </Link>
    )
  if (step.kind === 'opens')
    return (
      <span
        className={`inline-flex min-h-[52px] items-center justify-between gap-4 rounded-md border border-line px-5 ${width}`}
      >
        <b>On sale {soonWhen(step.at, time_zone, now_ms)}</b>
        <Countdown until={step.at} rendered_at={now_ms} className="text-ink-2" />
      </span>
    )
  return (
    <span className={`btn ${width}`} aria-disabled="true">
      {CLOSED[step.kind]}
    </span>
  )
}

const CLOSED = {
  'sold-out': 'Sold out',
  closed: 'The sale is closed',
  cancelled: 'Cancelled',
  over: 'This is over',
} as const
