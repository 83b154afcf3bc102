import { expect, test } from 'vitest'
import { productOfFile } from '../product.ts'
import { fuzz } from './fuzz.ts'
import { complaintOf, operationsOf } from './openapi.ts'

/** Strange requests of every kind. `TESSERA_SEED` repeats a run; many more are in fuzz.long.test.ts. */
const REQUESTS = 6_000
const seed = Number(process.env['TESSERA_SEED'] ?? Date.now() % 1_000_000)
const product = await productOfFile()

test(`${REQUESTS} strange requests: no fault of ours, every answer as documented, none slow`, async () => {
  const { complaints, requests, operations, statuses, slowest_ms } = await fuzz(product, { requests: REQUESTS, seed })
  process.stdout.write(
    `${requests} requests to ${operations} operations · ${JSON.stringify(statuses)} · slowest ${Math.round(slowest_ms)} ms · seed ${seed}\n`,
  )
  expect(complaints).toEqual([])
  expect(requests).toBeGreaterThan(REQUESTS * 0.8)
  // Blind fuzzing would bounce off the first door: all the rooms behind it are to be reached.
  for (const status of ['200', '201', '400', '401', '403', '404', '409', '422'])
    expect(statuses[status]).toBeGreaterThan(0)
})

test('the judge is not blind: a fault, a shape that was not promised, a status not documented, slowness', () => {
  const operation = operationsOf(product.product.http.openapi()).find((one) => one.id === 'holdSeats')
  if (operation === undefined) throw new Error('There is no holdSeats in the document')
  const json = new Headers({ 'content-type': 'application/json' })
  const problem = new Headers({ 'content-type': 'application/problem+json' })
  const judged = (status: number, headers: Headers, body: unknown, ms = 1): string | null =>
    complaintOf(operation, { status, headers, text: JSON.stringify(body), ms })
  const fine = { type: '/problems/conflict', title: 'No', status: 409 }
  expect(judged(409, problem, fine)).toBeNull()
  expect(judged(409, problem, fine, 2_001)).toContain('took')
  expect(judged(409, json, fine)).toContain('does not promise')
  expect(judged(409, problem, { ...fine, status: 400 })).toContain('another status')
  expect(judged(409, problem, { type: '/problems/conflict' })).toContain('not what the document promises')
  expect(judged(500, problem, { ...fine, status: 500 })).toContain('answered 500')
  expect(judged(200, json, {})).toContain('says nothing')
  expect(judged(201, json, { booking_id: 7 })).toContain('not what the document promises')
})
