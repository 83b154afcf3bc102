import type { PerformanceInput } from '@tessera/contracts/http/catalog'
import type { FieldError } from '@tessera/contracts/problems'
import { readMoment } from './moment.ts'

type PerformanceTimes = { start_time: string; end_time: string; doors_time: string | null }

const DAY_MS = 86_400_000
/** Exhibitions and season passes last for months. */
const DAYS_MAX = 366

/**
 * The times of a performance in UTC. Instants are compared, not local times: a performance that ends at an earlier
 * local time than it began, because summer time ended in between, is valid.
 */
export function readTimes(field_errors: FieldError[], input: PerformanceInput): PerformanceTimes | undefined {
  const start_time = readMoment(field_errors, '/start_time', input.start_time)
  const end_time = readMoment(field_errors, '/end_time', input.end_time)
  const doors = input.doors_time ?? null
  const doors_time = doors === null ? null : readMoment(field_errors, '/doors_time', doors)
  if (start_time === undefined || end_time === undefined || doors_time === undefined) return undefined
  if (end_time <= start_time) field_errors.push({ pointer: '/end_time', detail: 'must lie after the start' })
  else if (Date.parse(end_time) - Date.parse(start_time) > DAYS_MAX * DAY_MS) {
    field_errors.push({ pointer: '/end_time', detail: `must lie within ${DAYS_MAX} days of the start` })
  }
  if (doors_time !== null && doors_time > start_time) {
    field_errors.push({ pointer: '/doors_time', detail: 'must not lie after the start' })
  }
  return { start_time, end_time, doors_time }
}
