import { expect, test } from 'vitest'
import { byDate, listedPerformance, workplace } from './organizer-events.ts'

const NOW = Date.parse('2026-11-20T12:00:00.000Z')
const HOUR_MS = 3_600_000

const at = (...hours: number[]) => ({
  performances: hours.map((hour) => ({
    id: `perf_${hour}`,
    start_time: new Date(NOW + hour * HOUR_MS).toISOString(),
    end_time: new Date(NOW + (hour + 2) * HOUR_MS).toISOString(),
  })),
})

test('the next event comes first and past ones last; one that is under way is not past', () => {
  const events = Object.entries({
    last_year: at(-8_000),
    in_a_week: at(168),
    yesterday: at(-24),
    undated: at(),
    under_way: at(-1),
    run_with_a_night_tomorrow: at(-24, 400, 24),
  }).map(([name, event]) => ({ name, ...event }))
  expect(byDate(events, NOW).map(({ name }) => name)).toEqual([
    'under_way',
    'run_with_a_night_tomorrow',
    'in_a_week',
    'undated',
    'yesterday',
    'last_year',
  ])
})

test('an event is listed under its next performance, else its last', () => {
  expect(listedPerformance(at(400, -24, 24), NOW)?.id).toBe('perf_24')
  expect(listedPerformance(at(-48, -24), NOW)?.id).toBe('perf_-24')
  expect(listedPerformance(at(), NOW)).toBeNull()
})

const member = (role: 'organizer' | 'box_office' | 'staff', event_ids: string[] | null = null) => ({
  organizations: [{ id: 'org_a', name: 'A', role, event_ids }],
})
const event = (times: ReturnType<typeof at>, organization_id = 'org_a') => ({ id: 'evt_a', organization_id, ...times })

test('whoever may read the sales is led there, check-in staff to the check-in', () => {
  expect(workplace(member('organizer'), event(at(24)), NOW)).toBe('/organizer/events/evt_a/sales')
  expect(workplace(member('box_office'), event(at(-24)), NOW)).toBe('/organizer/events/evt_a/sales')
  expect(workplace(member('staff'), event(at(-24, 24)), NOW)).toBe('/door/perf_24')
  expect(workplace(member('staff'), event(at(24, 48)), NOW)).toBe('/door')
})

test('nobody is led where they may not go', () => {
  expect(workplace(member('staff'), event(at(-24)), NOW)).toBeNull()
  expect(workplace(member('organizer'), event(at(24), 'org_b'), NOW)).toBeNull()
  expect(workplace(member('organizer', ['evt_b']), event(at(24)), NOW)).toBeNull()
})
