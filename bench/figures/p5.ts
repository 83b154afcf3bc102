import { load, request } from '../load.ts'
import type { Bench } from '../product.ts'
import { openHalls } from '../product.ts'
import { startBareServer } from '../references/references.ts'
import { median, type Row } from '../report.ts'

const READERS = 2_000
const THINK_MS = 100
const SECONDS = 8
const ROUNDS = 3
const REQUESTS = 30_000
const CONNECTIONS = 128

/** P5: event page data, event list, availability and seat state, 2,000 readers who think 100 ms; then saturated against H. */
export async function p5(bench: Bench): Promise<Row[]> {
  const { event_id, performance_ids } = await openHalls(bench, 1, 34)
  const paths = [
    `/api/v1/events/${event_id}`,
    '/api/v1/events?limit=20',
    `/api/v1/events/${event_id}/availability`,
    `/api/v1/performances/${performance_ids[0]}/seats`,
  ]
  const requests = paths.map((path) => request('GET', path, { 'Accept-Encoding': 'gzip' }))
  const pick = (n: number): Buffer => requests[n % requests.length] ?? Buffer.alloc(0)
  let n = 0
  let warm = 2_000
  await load({ port: bench.port, connections: CONNECTIONS, next: () => (warm-- > 0 ? pick(n++) : null) })
  const until = performance.now() + SECONDS * 1_000
  const readers = await load({
    port: bench.port,
    connections: READERS,
    think_ms: THINK_MS,
    next: () => (performance.now() < until ? pick(n++) : null),
  })
  const failures = readers.answers - (readers.statuses['200'] ?? 0)
  const bare = await startBareServer()
  await bare.measure(REQUESTS, CONNECTIONS)
  const ratios: number[] = []
  const ours: number[] = []
  const references: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const reference = await bare.measure(REQUESTS, CONNECTIONS)
    let left = REQUESTS
    const run = await load({ port: bench.port, connections: CONNECTIONS, next: () => (left-- > 0 ? pick(n++) : null) })
    ours.push(run.per_second)
    references.push(reference.per_second)
    ratios.push(run.per_second / reference.per_second)
  }
  bare.stop()
  return [
    {
      id: 'P5',
      what: `${READERS} readers, ${THINK_MS} ms thought each, one process`,
      ours: `${Math.round(readers.per_second)}/s, avg ${readers.mean_ms.toFixed(0)} ms, p95 ${readers.p95_ms.toFixed(0)} ms, ${failures} failures`,
      reference: '',
      ratio: null,
      target: 'avg < 46 ms, p95 < 163 ms, 0 failures',
      met: readers.mean_ms < 46 && readers.p95_ms < 163 && failures === 0,
    },
    {
      id: 'P5 full',
      what: 'the same reads, saturated',
      ours: `${Math.round(median(ours))}/s`,
      reference: `H ${Math.round(median(references))}/s`,
      ratio: median(ratios),
      target: '≥ 0.5 × H',
      met: median(ratios) >= 0.5,
    },
  ]
}
