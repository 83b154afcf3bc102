import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '#platform/telemetry'
import { block, unblock } from './block.ts'
import { cancel } from './cancel.ts'
import type { Deps } from './deps.ts'
import { announceExpired } from './expire.ts'
import { type Fixture, openFixture, performance, tier } from './fixture.ts'
import { type HoldOutcome, hold } from './hold.ts'
import type { OnSale } from './on-sale.ts'
import { close, open } from './open.ts'
import { release } from './release.ts'
import { settle } from './settle.ts'

let fixture: Fixture
let here: Deps
/** On the same database, receiving none of the other's signals, as if all of them were lost. */
let there: Deps

beforeAll(async () => {
  fixture = await openFixture({ config: { several_processes: true } })
  here = fixture.deps
  const telemetry = createTelemetry({ level: 'fatal', service: 'there' })
  const signals = { ...fixture.deps.signals, on: () => () => undefined, send: () => undefined }
  there = await open({ ...fixture.deps, telemetry, signals })
})
afterAll(async () => {
  await close(there)
  await fixture[Symbol.asyncDispose]()
})

const holdIn = (deps: Deps, body: Parameters<typeof hold>[1]['body']): Promise<HoldOutcome> =>
  hold(deps, { owner_id: newId('usr'), request: { key: crypto.randomUUID(), body_hash: 'h' }, body })

/** The other process, which does not know that this one exists. */
const thinksItIsAlone = (): Deps => ({ ...there, config: { ...there.config, several_processes: false } })

async function held(deps: Deps, performance_id: string, seat_ids: string[]): Promise<string> {
  const outcome = await holdIn(deps, { performance_id, seat_ids })
  if (outcome.kind !== 'held') throw new Error(outcome.kind)
  return outcome.booking.booking_id
}

/** The other process loads the claims now and has the seats as taken. */
async function knownThere(performance_id: string): Promise<OnSale> {
  const sale = await there.on_sale.load(performance_id)
  if (sale === undefined) throw new Error('not open')
  await there.availability.refresh(sale.performance_no, sale.seat_count)
  return sale
}

/** Each way in which a seat becomes free again, by the process that does it. */
const waysToFree: Record<string, (performance_id: string) => Promise<() => Promise<unknown>>> = {
  released: async (performance_id) => {
    const booking_id = await held(here, performance_id, ['A-1'])
    return () => release(here, { booking_id, actor: 'test' })
  },
  cancelled: async (performance_id) => {
    const booking_id = await held(here, performance_id, ['A-1'])
    const payment = { payment_id: newId('pay'), amount: money(2_500, 'EUR'), holder: null, actor: 'test' }
    expect((await settle(here, { booking_id, ...payment })).kind).toBe('confirmed')
    return () => cancel(here, { booking_id, actor: 'test' })
  },
  unblocked: async (performance_id) => {
    const facts = { performance_id, organization_id: newId('org'), event_id: newId('evt'), created_by: 'test' }
    const { block_id } = await here.db.transaction((tx) =>
      block(tx, {
        ...facts,
        seat_ids: ['A-1'],
        tier_id: null,
        quantity: null,
        tier_total: null,
        reason: 'x',
        release_at: null,
      }),
    )
    return () => here.db.transaction((tx) => unblock(tx, block_id))
  },
  expired: async (performance_id) => {
    await held(here, performance_id, ['A-1'])
    return () => announceExpired(here, '2099-01-01T00:00:00.000Z')
  },
}

for (const [how, prepare] of Object.entries(waysToFree)) {
  test(`a seat that another process has ${how} can be held here at once, although the cache has it as taken`, async () => {
    const { performance_id } = await fixture.open(performance())
    const free = await prepare(performance_id)
    const sale = await knownThere(performance_id)
    expect(await holdIn(there, { performance_id, seat_ids: ['A-1'] })).toMatchObject({ kind: 'seat-unavailable' })
    await free()
    expect(there.availability.surelyTaken(sale.performance_no, sale.seat_count, [0])).toEqual([0])
    // Negative control: the cache alone refuses it.
    const alone = thinksItIsAlone()
    expect(await holdIn(alone, { performance_id, seat_ids: ['A-1'] })).toMatchObject({ kind: 'seat-unavailable' })
    expect(await holdIn(there, { performance_id, seat_ids: ['A-1'] })).toMatchObject({ kind: 'held' })
  })
}

test('a process that began alone checks its refusals from the moment that another one joins', async () => {
  const live = { ...fixture.deps.config, several_processes: false }
  const telemetry = createTelemetry({ level: 'fatal', service: 'first' })
  const signals = { ...fixture.deps.signals, on: () => () => undefined, send: () => undefined }
  const first = await open({ ...fixture.deps, telemetry, signals, config: live })
  const facts = await fixture.open(performance())
  const { performance_id } = facts
  const sale = await first.on_sale.load(performance_id)
  const booking_id = await held(here, performance_id, ['A-1'])
  await first.availability.refresh(sale?.performance_no ?? 0, sale?.seat_count ?? 0)
  const child = tier({ name: 'Child', price: money(900, 'EUR') })
  await fixture.deliver('catalog.performance_published', performance_id, {
    ...facts,
    revision: 2,
    tiers: [...facts.tiers, child],
  })
  await release(here, { booking_id, actor: 'test' })
  const asChild = { performance_id, seats: [{ seat_id: 'A-2', tier_id: child.tier_id }] }
  // Negative control: while it knows of nobody else, its memory counts.
  expect(await holdIn(first, { performance_id, seat_ids: ['A-1'] })).toMatchObject({ kind: 'seat-unavailable' })
  expect(await holdIn(first, asChild)).toMatchObject({ kind: 'unknown-seats' })
  live.several_processes = true
  expect(await holdIn(first, { performance_id, seat_ids: ['A-1'] })).toMatchObject({ kind: 'held' })
  expect(await holdIn(first, asChild)).toMatchObject({ kind: 'held' })
  await close(first)
})

test('best available finds what another process has released', async () => {
  const only = tier({ max_per_order: 200 })
  const { performance_id } = await fixture.open(performance({ tiers: [only] }))
  const all = Array.from({ length: 200 }, (_, i) => `${'ABCDEFGHIJ'[Math.floor(i / 20)]}-${(i % 20) + 1}`)
  const booking_id = await held(here, performance_id, all)
  await knownThere(performance_id)
  const best = { performance_id, best_available: { tier_id: only.tier_id, quantity: 2 } }
  expect(await holdIn(there, best)).toMatchObject({ kind: 'seat-unavailable' })
  await release(here, { booking_id, actor: 'test' })
  expect(await holdIn(thinksItIsAlone(), best)).toMatchObject({ kind: 'seat-unavailable' })
  expect(await holdIn(there, best)).toMatchObject({ kind: 'held' })
})

test('a tier edited or added by another process counts at once', async () => {
  const facts = await fixture.open(performance())
  const { performance_id } = facts
  await knownThere(performance_id)
  const dearer = { ...tier(), ...facts.tiers[0], price: money(9_900, 'EUR') }
  const added = tier({ name: 'Child', price: money(900, 'EUR') })
  await fixture.deliver('catalog.performance_published', performance_id, {
    ...facts,
    revision: 2,
    tiers: [dearer, added],
  })
  expect(there.on_sale.get(performance_id)?.revision).toBe(1)
  expect(await holdIn(there, { performance_id, seat_ids: ['A-1'] })).toMatchObject({
    kind: 'held',
    booking: { total: money(9_900, 'EUR') },
  })
  const child = tier({ name: 'Child', price: money(900, 'EUR') })
  const again = await fixture.open(performance())
  await knownThere(again.performance_id)
  await fixture.deliver('catalog.performance_published', again.performance_id, {
    ...again,
    revision: 2,
    tiers: [...again.tiers, child],
  })
  const asChild = { performance_id: again.performance_id, seats: [{ seat_id: 'A-1', tier_id: child.tier_id }] }
  expect(await holdIn(thinksItIsAlone(), asChild)).toMatchObject({ kind: 'unknown-seats' })
  expect(await holdIn(there, asChild)).toMatchObject({ kind: 'held', booking: { total: money(900, 'EUR') } })
})
