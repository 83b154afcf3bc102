import { expect, test } from 'vitest'
import { hall } from './chart.fixture.ts'
import { ChartWorker } from './chart-worker.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

test('charts are prepared in the order of the calls, by one thread; the caller keeps its bytes', async () => {
  const worker = new ChartWorker()
  const given = bytes(hall(30, 'First'))
  const [first, second, refused] = await Promise.all([
    worker.prepare(given),
    worker.prepare(bytes(hall(60, 'Second'))),
    worker.prepare(bytes({ zones: 7 })),
  ])
  expect(first.kind === 'prepared' && [first.chart.name, first.chart.seat_count]).toEqual(['First', 30])
  expect(second.kind === 'prepared' && [second.chart.name, second.chart.seat_count]).toEqual(['Second', 60])
  expect(refused.kind).toBe('invalid-chart')
  expect(given.length).toBeGreaterThan(0)
  await worker.close()
})

test('calls beyond the queue are refused at once', async () => {
  const worker = new ChartWorker()
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => worker.prepare(bytes(hall(3)))))
  expect(outcomes.map((one) => one.kind)).toEqual([...Array(8).fill('prepared'), 'saturated', 'saturated'])
  await worker.close()
})

test('a thread that ends fails its pending charts, and the next chart starts another', async () => {
  const worker = new ChartWorker()
  const lost = worker.prepare(bytes(hall(3)))
  const failed = expect(lost).rejects.toThrow('the thread ended')
  await worker.close()
  await failed
  expect((await worker.prepare(bytes(hall(3)))).kind).toBe('prepared')
  await worker.close()
})
