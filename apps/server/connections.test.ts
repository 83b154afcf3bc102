import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { connectionsOf, planConnections, requireBudgeted } from './connections.ts'
import { contextNames, withDedicatedPool } from './contexts.ts'

test('pools grow with the budget and never exceed it', () => {
  const { wanted, least } = connectionsOf(false)
  expect(least).toBeLessThanOrEqual(46)
  expect(planConnections(wanted, false)).toMatchObject({ context: 6, dedicated_pool_max: 4 })
  expect(planConnections(least, false)).toMatchObject({ context: 3, dedicated_pool_max: 2 })
})

test('every context of the product is in the budget', () => {
  const { least } = connectionsOf(false)
  expect(planConnections(least + contextNames.length, false)).toMatchObject({ context: 4 })
  expect(planConnections(least + contextNames.length - 1, false)).toMatchObject({ context: 3 })
})

test('a dedicated pool that the budget does not contain is refused', () => {
  for (const name of withDedicatedPool) expect(() => requireBudgeted(name, 0)).not.toThrow()
  expect(() => requireBudgeted('realtime', 0)).toThrow('no dedicated pool of realtime')
  expect(() => requireBudgeted('payment', 1)).toThrow('no second dedicated pool of payment')
})

test('behind a pooler only sessions of our own are counted', () => {
  expect(connectionsOf(true).wanted).toBeLessThan(20)
  expect(planConnections(connectionsOf(true).wanted, true)).toMatchObject({ context: 6 })
})

test('the operator is told today’s numbers', () => {
  const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const { wanted, least } = connectionsOf(false)
  const past_pooler = connectionsOf(true).wanted
  expect(operations).toContain(`A process takes between ${least} and ${wanted} connections`)
  expect(operations).toContain(`Past the pooler a process opens ${past_pooler} connections`)
  expect(operations).toContain(`the pooler must take up to ${wanted - past_pooler} clients a process`)
})
