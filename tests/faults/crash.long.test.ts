import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Part, type RealProduct, startProcesses } from '../processes.ts'
import { type Crash, crash, randomFrom, statement } from './crash.ts'

/** Two hundred kills of every kind under load; `TESSERA_CRASHES` says how many, `TESSERA_SEED` which. */
const CRASHES = Number(process.env['TESSERA_CRASHES'] ?? 200)
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)
/** In turn, so that each part has served a while when it is hit again: the supervisor's back-off is not the experiment. */
const SETUPS: readonly { processes: string; turns: readonly (readonly Part[])[] }[] = [
  { processes: '1', turns: [['server'], ['postgres'], ['sandbox'], ['server', 'postgres'], ['sandbox']] },
  { processes: '2', turns: [['worker'], ['workers'], ['sandbox'], ['worker', 'postgres'], ['server']] },
]

describe.each(SETUPS)('processes: $processes', ({ processes, turns }) => {
  let product: RealProduct

  beforeAll(async () => {
    product = await startProcesses({ TESSERA_HOLD_SECONDS: '3600', TESSERA_PROCESSES: processes })
  }, 120_000)
  afterAll(async () => {
    await product[Symbol.asyncDispose]()
  }, 30_000)

  test(`${CRASHES} crashes: no acknowledged booking or payment lost, no outcome left unknown, no seat sold twice`, async () => {
    const crashes: Crash[] = []
    for (let n = 0; n < CRASHES; n++) {
      const random = randomFrom(seed + n)
      const parts = turns[n % turns.length] ?? ['server']
      // A token lives a quarter of an hour, the whole loop longer.
      const admin_token = (await product.admin()).token
      const { sale: _, ...outcome } = await crash(product, { parts, random, admin_token })
      crashes.push(outcome)
      expect(outcome.wrong, `seed ${seed + n}, ${parts.join('+')}`).toEqual([])
      expect(outcome.resolved).toBe(outcome.unknown)
      if (n % 5 === 4) process.stdout.write(`${statement(crashes)} · seed ${seed}\n`)
    }
  })
})
