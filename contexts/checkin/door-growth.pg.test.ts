import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture, STAFF } from './fixture.ts'
import { jobs } from './jobs.ts'

/** The cost of showing the counts at the door, for a small hall and for an arena. */
let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture()
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

async function sell(performance_id: string, count: number): Promise<void> {
  await fixture.context.owner.query(
    `insert into checkin.tickets (ticket_id, code_id, booking_id, performance_id, event_id, organization_id, seat_label, tier_id,
       tier_name, admitted_at, checkin_id)
     select $1 || '_' || n, gen_random_uuid(), 'bk', $1, 'evt', 'org_ours', 's', 't', 't', case when n % 2 = 0 then now() end,
       case when n % 2 = 0 then $1 || '_chk_' || n end
     from generate_series(1, $2::int) n`,
    [performance_id, count],
  )
  await fixture.context.owner.query('vacuum (analyze) checkin.tickets')
}

/** Rows that the executor reads for a statement, by `explain analyze`: scans and the rows that their filters drop. */
async function rowsTouched(statement: string, performance_id: string): Promise<number> {
  const [row] = await fixture.context.owner.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) ${statement}`,
    [performance_id],
  )
  return row === undefined ? 0 : touched(row['QUERY PLAN'][0].Plan)
}

type PlanNode = {
  'Node Type': string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: PlanNode[]
}

function touched(node: PlanNode): number {
  const own = node['Node Type'].includes('Scan')
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    : 0
  return own + (node.Plans ?? []).reduce((sum, child) => sum + touched(child), 0)
}

const COUNTS = `select sum(admitted), sum(total) from (
  select admitted, total from checkin.door_counts where performance_id = $1
  union all select admitted, total from checkin.door_count_changes where performance_id = $1) part`
const COUNTED_ANEW = `select count(admitted_at), count(*) filter (where revoked_at is null or admitted_at is not null) from checkin.tickets where performance_id = $1`

test('the counts cost the same at 20, 200 and 20,000 tickets; counting the tickets would not', async () => {
  const costs: { counts: number; anew: number }[] = []
  for (const tickets of [20, 200, 20_000]) {
    const { performance_id } = await fixture.play()
    await sell(performance_id, tickets)
    for (const job of jobs(fixture.context.deps)) await job.run({ as_of: null })
    costs.push({
      counts: await rowsTouched(COUNTS, performance_id),
      anew: await rowsTouched(COUNTED_ANEW, performance_id),
    })
    const shown = await fixture.context.call('GET', `/api/v1/performances/${performance_id}/checkins`, { as: STAFF })
    expect(shown.body).toMatchObject({ admitted: tickets / 2, total: tickets })
  }
  expect(new Set(costs.map((cost) => cost.counts))).toEqual(new Set([1]))
  expect(costs.at(-1)?.anew).toBeGreaterThanOrEqual(20_000)
})
