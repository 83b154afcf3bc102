import { load } from '../load.ts'
import type { Bench } from '../product.ts'
import { openHalls } from '../product.ts'
import { startBareServer } from '../references/references.ts'
import { median, type Row } from '../report.ts'
import { holdRequest } from './holds.ts'

const ROUNDS = 5
const REQUESTS = 30_000
const CONNECTIONS = 128
const TAKEN = 100

/** P2: refusals of taken seats against H, alternating. The database is asked for nothing: its counters must not move. */
export async function p2(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  const { performance_ids } = await openHalls(bench, 1, 20)
  const performance_id = performance_ids[0] ?? ''
  const seats = Array.from({ length: TAKEN }, (_, i) => `${Math.floor(i / 20) + 1}-${(i % 20) + 1}`)
  const buyer = tokens[0] ?? ''
  let taken = 0
  await load({
    port: bench.port,
    connections: 4,
    next: () => (taken < TAKEN ? holdRequest(performance_id, [seats[taken++] ?? ''], buyer) : null),
  })
  const refuse = (): Promise<{ per_second: number; statuses: Record<string, number> }> => {
    let n = 0
    return load({
      port: bench.port,
      connections: CONNECTIONS,
      next: () =>
        n < REQUESTS ? holdRequest(performance_id, [seats[n % TAKEN] ?? ''], tokens[n++ % tokens.length] ?? '') : null,
    })
  }
  await refuse()
  const bare = await startBareServer()
  await bare.measure(REQUESTS, CONNECTIONS)
  const ours: number[] = []
  const references: number[] = []
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const reference = await bare.measure(REQUESTS, CONNECTIONS)
    const run = await refuse()
    if (run.statuses['409'] !== REQUESTS)
      throw new Error(`Not every request was refused: ${JSON.stringify(run.statuses)}`)
    references.push(reference.per_second)
    ours.push(run.per_second)
    ratios.push(run.per_second / reference.per_second)
  }
  bare.stop()
  return [
    {
      id: 'P2',
      what: 'refusals of taken seats, no database work',
      ours: `${Math.round(median(ours))}/s`,
      reference: `H ${Math.round(median(references))}/s`,
      ratio: median(ratios),
      target: '≥ 0.4 × H',
      met: median(ratios) >= 0.4,
    },
  ]
}
