import { expect, test } from 'vitest'
import { openProduct } from '../product.ts'
import { fuzz } from './fuzz.ts'

/** `TESSERA_FUZZ` says how many requests, `TESSERA_SEED` which. */
const REQUESTS = Number(process.env['TESSERA_FUZZ'] ?? 1_000_000)
const ROUND = 20_000
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)

test(`${REQUESTS} strange requests`, async () => {
  let requests = 0
  let slowest_ms = 0
  for (let round = 0; round * ROUND < REQUESTS; round++) {
    // A fresh product a round: the last one's has been sold, cancelled and renamed to pieces.
    await using product = await openProduct()
    const first = seed + round * ROUND
    const outcome = await fuzz(product, { requests: Math.min(ROUND, REQUESTS - round * ROUND), seed: first })
    expect(outcome.complaints).toEqual([])
    await product.settle()
    expect(await product.violations()).toEqual([])
    requests += outcome.requests
    slowest_ms = Math.max(slowest_ms, outcome.slowest_ms)
    process.stdout.write(`${requests} requests, no fault · slowest ${Math.round(slowest_ms)} ms · seed ${seed}\n`)
  }
})
