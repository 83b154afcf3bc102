import { volley } from '../load.ts'
import { type Bench, openHalls } from '../product.ts'
import { startBareServer } from '../references/references.ts'
import type { Row } from '../report.ts'
import { holdRequest } from './holds.ts'

const USERS = 100
const SEATS = 16
const ROUNDS = 5
const WARM_ROUNDS = 10

/**
 * P3: 100 users × 16 seats at one moment, each request on a connection of its own that waits ready. H is asked in the same
 * way in turns: what the client and the system take for so many sockets is in both.
 */
export async function p3(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  const { performance_ids } = await openHalls(bench, WARM_ROUNDS + ROUNDS, SEATS)
  const bare = await startBareServer()
  const slowest: number[] = []
  const bare_slowest: number[] = []
  const p50s: number[] = []
  for (const [round, performance_id] of performance_ids.entries()) {
    const requests = Array.from({ length: USERS * SEATS }, (_, i) =>
      holdRequest(performance_id, [`1-${(i % SEATS) + 1}`], tokens[Math.floor(i / SEATS)] ?? ''),
    )
    const reference = await bare.volley(USERS * SEATS)
    const run = await volley(bench.port, requests)
    if (run.statuses['201'] !== SEATS || run.statuses['409'] !== USERS * SEATS - SEATS)
      throw new Error(`Not exactly ${SEATS} winners: ${JSON.stringify(run.statuses)}`)
    if (round >= WARM_ROUNDS) {
      slowest.push(run.max_ms)
      bare_slowest.push(reference.max_ms)
      p50s.push(run.p50_ms)
    }
  }
  bare.stop()
  const worst = Math.max(...slowest)
  const bare_worst = Math.max(...bare_slowest)
  return [
    {
      id: 'P3',
      what: `race: ${USERS * SEATS} requests at once on ${SEATS} seats, ${ROUNDS} rounds once warm`,
      ours: `${SEATS} winners each, p50 ${Math.max(...p50s).toFixed(0)} ms, slowest ${worst.toFixed(0)} ms`,
      reference: `H slowest ${bare_worst.toFixed(0)} ms`,
      ratio: worst / bare_worst,
      target: '16 winners, < 250 ms or ≤ 1.5 × H',
      met: worst < 250 || worst <= 1.5 * bare_worst,
    },
  ]
}
