import { expect, test } from 'vitest'
import { Problem } from './problem.ts'
import { routeRefusal } from './route-refusal.ts'

test('a used-up quota is told as 429 with the time to wait, not as a fault of ours', () => {
  const refused = routeRefusal(new Problem('too-many-requests', 429, {}, 17))
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '17'])
  expect(routeRefusal(new Problem('unavailable', 503)).status).toBe(503)
  expect(routeRefusal(new Problem('not-found', 404)).status).toBe(404)
  expect(() => routeRefusal(new Error('a fault'))).toThrow('a fault')
})
