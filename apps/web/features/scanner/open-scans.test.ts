import { expect, test } from 'vitest'
import { OpenScans, type Scan } from './open-scans.ts'

let made = 0
const make = (): Scan => ({ body: { code: 'A', performance_id: 'perf' }, idempotency_key: String(++made) })

test('a code that no answer came to is asked again as the same scan; after its answer it is a new one', () => {
  const scans = new OpenScans()
  const first = scans.of('A', make)
  expect(scans.of('A', make)).toBe(first)
  expect(scans.of('B', make)).not.toBe(first)
  scans.answered('A')
  expect(scans.of('A', make)).not.toBe(first)
})
