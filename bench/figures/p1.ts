import type { Bench } from '../product.ts'
import { measureHoldOne, prepareHoldOne } from '../references/references.ts'
import { median, type Row } from '../report.ts'
import { Holds } from './holds.ts'

const ROUNDS = 5
const HOLDS = 20_000
/** Enough in flight to keep a batch filling while another is decided: an on-sale has no shortage of people. */
const CONNECTIONS = 512
const REFERENCE_S = 4

/** P1: end-to-end durable holds over HTTP against R, alternating; then the tail at half that load. */
export async function p1(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  await prepareHoldOne(bench.database_url)
  const holds = new Holds(bench, tokens)
  await holds.supply(HOLDS * (ROUNDS + 3))
  await holds.run(HOLDS, CONNECTIONS)
  const ours: number[] = []
  const references: number[] = []
  const ratios: number[] = []
  let driver = ''
  for (let round = 0; round < ROUNDS; round++) {
    const reference = await measureHoldOne(bench.database_url, REFERENCE_S)
    const run = await holds.run(HOLDS, CONNECTIONS)
    if (run.statuses['201'] !== HOLDS) throw new Error(`Not every hold won: ${JSON.stringify(run.statuses)}`)
    driver = reference.driver
    references.push(reference.per_second)
    ours.push(run.per_second)
    ratios.push(run.per_second / reference.per_second)
  }
  const half = await holds.run(HOLDS, CONNECTIONS, median(ours) / 2)
  return [
    {
      id: 'P1',
      what: 'durable holds over HTTP, 2 seats each',
      ours: `${Math.round(median(ours))}/s`,
      reference: `R ${Math.round(median(references))}/s (${driver})`,
      ratio: median(ratios),
      target: '≥ 1.0 × R',
      met: median(ratios) >= 1,
    },
    {
      id: 'P1 tail',
      what: 'p99 of a hold at half that load',
      ours: `p50 ${half.p50_ms.toFixed(1)} ms, p99 ${half.p99_ms.toFixed(1)} ms`,
      reference: '',
      ratio: null,
      target: '< 50 ms',
      met: half.p99_ms < 50,
    },
  ]
}
