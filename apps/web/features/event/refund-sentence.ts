import type { RefundStep } from '../../api/bodies.ts'
import { dayAndMonth } from '../../ui/when.ts'

const HOUR_MS = 3_600_000

/** The refund policy as one sentence with dates: `Full refund until 21 November, half until 27 November.` */
export function refundSentence(
  policy: readonly RefundStep[],
  start_time: string,
  time_zone: string,
  now_ms: number,
): string {
  const start_ms = Date.parse(start_time)
  const steps = [...policy]
    .filter((step) => step.percent > 0)
    .sort((a, b) => b.hours_before - a.hours_before)
    .map((step) => ({ ...step, until_ms: start_ms - step.hours_before * HOUR_MS }))
  if (steps.length === 0) return 'These tickets cannot be given back for money.'
  const ahead = steps.filter((step) => step.until_ms > now_ms)
  if (ahead.length === 0) return 'It is too close to the day for a refund.'
  const parts = ahead.map(({ percent, hours_before, until_ms }, index) => {
    const share =
      percent === 100
        ? 'full refund'
        : percent === 50
          ? index === 0
            ? 'half back'
            : 'half'
          : `${percent} %${index === 0 ? ' back' : ''}`
    return `${share} until ${hours_before === 0 ? 'it starts' : dayAndMonth(until_ms, time_zone, now_ms)}`
  })
  const sentence = parts.join(', ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}
