import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BATCH_SIZE_MAX, takeBatch } from './scan-batcher.ts'

const queued = fc.record({
  scan: fc.record({
    code_id: fc.constantFrom(...'abcdefgh'),
    staff_user_id: fc.constantFrom('ada', 'bob'),
    idempotency_key: fc.option(fc.constantFrom('k1', 'k2', 'k3')),
  }),
})

const keyOf = ({ scan }: { scan: { staff_user_id: string; idempotency_key: string | null } }) =>
  scan.idempotency_key === null ? null : `${scan.staff_user_id} ${scan.idempotency_key}`

test('a batch holds no code and no key twice; what waits keeps its order and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(queued, { maxLength: 40 }), (all) => {
      const waiting = [...all]
      const served: typeof all = []
      while (waiting.length > 0) {
        const batch = takeBatch(waiting)
        expect(batch.length).toBeGreaterThan(0)
        expect(new Set(batch.map(({ scan }) => scan.code_id)).size).toBe(batch.length)
        const keys = batch.map(keyOf).filter((key) => key !== null)
        expect(new Set(keys).size).toBe(keys.length)
        served.push(...batch)
      }
      expect(served).toHaveLength(all.length)
      // Scans of one code are decided in the order in which they came.
      for (const code of 'abcdefgh') {
        expect(served.filter(({ scan }) => scan.code_id === code)).toEqual(
          all.filter(({ scan }) => scan.code_id === code),
        )
      }
    }),
  )
})

test('a batch has a largest size', () => {
  const waiting = Array.from({ length: BATCH_SIZE_MAX + 5 }, (_, index) => ({
    scan: { code_id: String(index), staff_user_id: 'ada', idempotency_key: null },
  }))
  expect(takeBatch(waiting)).toHaveLength(BATCH_SIZE_MAX)
  expect(waiting).toHaveLength(5)
})
