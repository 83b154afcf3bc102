import { expect, test } from 'vitest'
import { connectionsOf, planConnections } from './connections.ts'

test('pools grow with the budget and never exceed it', () => {
  const { wanted, least } = connectionsOf(false)
  expect(least).toBeLessThanOrEqual(46)
  expect(planConnections(wanted, false)).toMatchObject({ context: 6, dedicated_pool_max: 4 })
  expect(planConnections(least, false)).toMatchObject({ context: 3, dedicated_pool_max: 2 })
  expect(planConnections(least + 7, false)).toMatchObject({ context: 4 })
})

test('behind a pooler only sessions of our own are counted', () => {
  expect(connectionsOf(true).wanted).toBeLessThan(20)
  expect(planConnections(connectionsOf(true).wanted, true)).toMatchObject({ context: 6 })
})
