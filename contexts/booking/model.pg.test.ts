import { newId } from '@tessera/contracts/ids'
import { money } from '@tessera/contracts/money'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsOf } from '#platform/testing'
import { cancel } from './cancel.ts'
import { announceExpired } from './expire.ts'
import { type Fixture, hall, openFixture, performance } from './fixture.ts'
import { hold } from './hold.ts'
import { invariants } from './invariants.ts'
import { release } from './release.ts'
import { settle } from './settle.ts'

/**
 * The booking state machine against a model small enough to verify by reading: a list of bookings and the holder of
 * each seat. After any sequence of holds, payments, releases, expiries, sweeps and cancellations both must agree.
 */
const SEATS = 6
const RUNS = 150

type Status = 'alive' | 'lapsed' | 'expired' | 'confirmed' | 'released' | 'cancelled'
type ModelBooking = { seats: number[]; status: Status }
type Model = { bookings: ModelBooking[]; holder: (number | null)[] }
type Real = { fixture: Fixture; performance_id: string; ids: string[] }

/** A seat is available unless a live hold or a confirmed booking has it. */
function isFree(model: Model, seat: number, forBooking: number | null = null): boolean {
  const holder = model.holder[seat] ?? null
  if (holder === null || holder === forBooking) return true
  return model.bookings[holder]?.status === 'lapsed'
}

function give(model: Model, booking: number): void {
  for (const seat of model.bookings[booking]?.seats ?? []) model.holder[seat] = booking
}

function free(model: Model, booking: number): void {
  model.holder = model.holder.map((holder) => (holder === booking ? null : holder))
}

abstract class OnBooking implements fc.AsyncCommand<Model, Real> {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
  check(model: Readonly<Model>): boolean {
    return model.bookings.length > 0
  }
  pick(model: Model): { n: number; booking: ModelBooking } {
    const n = this.index % model.bookings.length
    return { n, booking: model.bookings[n] as ModelBooking }
  }
  abstract run(model: Model, real: Real): Promise<void>
  toString(): string {
    return `${this.constructor.name}(${this.index})`
  }
}

class Hold implements fc.AsyncCommand<Model, Real> {
  readonly seats: number[]
  constructor(seats: number[]) {
    this.seats = seats
  }
  check(): boolean {
    return true
  }
  async run(model: Model, real: Real): Promise<void> {
    const outcome = await hold(real.fixture.deps, {
      owner_id: newId('usr'),
      request: { key: 'k', body_hash: 'h' },
      body: { performance_id: real.performance_id, seat_ids: this.seats.map((seat) => `A-${seat + 1}`) },
    })
    const late = this.seats.filter((seat) => !isFree(model, seat))
    if (late.length > 0) {
      expect(outcome).toMatchObject({ kind: 'seat-unavailable', unavailable: late.map((seat) => `A-${seat + 1}`) })
      return
    }
    expect(outcome.kind).toBe('held')
    if (outcome.kind === 'held') real.ids.push(outcome.booking.booking_id)
    model.bookings.push({ seats: this.seats, status: 'alive' })
    give(model, model.bookings.length - 1)
  }
  toString(): string {
    return `Hold(${this.seats})`
  }
}

class Pay extends OnBooking {
  async run(model: Model, real: Real): Promise<void> {
    const { n, booking } = this.pick(model)
    const booking_id = real.ids[n] ?? ''
    const amount = money(2_500 * booking.seats.length, 'EUR')
    const outcome = await settle(real.fixture.deps, {
      booking_id,
      payment_id: newId('pay'),
      amount,
      holder: null,
      actor: 'test',
    })
    if (booking.status === 'confirmed') return expect(outcome.kind).toBe('paid-otherwise')
    const gone =
      booking.status === 'released' ||
      booking.status === 'cancelled' ||
      booking.seats.some((seat) => !isFree(model, seat, n))
    if (gone) return expect(outcome.kind).toBe('seats-gone')
    expect(outcome.kind).toBe('confirmed')
    booking.status = 'confirmed'
    give(model, n)
  }
}

class Release extends OnBooking {
  async run(model: Model, real: Real): Promise<void> {
    const { n, booking } = this.pick(model)
    const outcome = await release(real.fixture.deps, { booking_id: real.ids[n] ?? '', actor: 'test' })
    if (booking.status !== 'alive') return expect(outcome.kind).toBe('not-held')
    expect(outcome.kind).toBe('released')
    booking.status = 'released'
    free(model, n)
  }
}

/** Expired, and not swept yet. */
class Lapse extends OnBooking {
  async run(model: Model, real: Real): Promise<void> {
    const { n, booking } = this.pick(model)
    if (booking.status !== 'alive') return
    const { owner, deps } = real.fixture
    await owner.query(`update booking.bookings set expires_at = now() - interval '1 s' where booking_id = $1`, [
      real.ids[n],
    ])
    await owner.query(`update booking.seat_claims set expires_at = now() - interval '1 s' where holder_id = $1`, [
      real.ids[n],
    ])
    deps.availability.forget()
    booking.status = 'lapsed'
  }
}

class Sweep implements fc.AsyncCommand<Model, Real> {
  check(): boolean {
    return true
  }
  async run(model: Model, real: Real): Promise<void> {
    await announceExpired(real.fixture.deps, null)
    for (const [n, booking] of model.bookings.entries()) {
      if (booking.status !== 'lapsed') continue
      booking.status = 'expired'
      free(model, n)
    }
  }
  toString(): string {
    return 'Sweep'
  }
}

class Cancel extends OnBooking {
  async run(model: Model, real: Real): Promise<void> {
    const { n, booking } = this.pick(model)
    const outcome = await cancel(real.fixture.deps, { booking_id: real.ids[n] ?? '', actor: 'test' })
    if (booking.status === 'cancelled') return expect(outcome.kind).toBe('cancelled')
    if (booking.status !== 'confirmed') return expect(outcome.kind).toBe('not-confirmed')
    expect(outcome.kind).toBe('cancelled')
    booking.status = 'cancelled'
    free(model, n)
  }
}

let fixture: Fixture
beforeAll(async () => {
  fixture = await openFixture({ charts: { cht_six: hall(1, SEATS) } })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const seats = fc
  .uniqueArray(fc.nat(SEATS - 1), { minLength: 1, maxLength: 3 })
  .map((list) => list.sort((a, b) => a - b))
const index = fc.nat(20)
const commands = fc.commands(
  [
    seats.map((list) => new Hold(list)),
    seats.map((list) => new Hold(list)),
    index.map((n) => new Pay(n)),
    index.map((n) => new Release(n)),
    index.map((n) => new Lapse(n)),
    fc.constant(new Sweep()),
    index.map((n) => new Cancel(n)),
  ],
  { maxCommands: 30 },
)

test('any order of commands leaves the booking context where the model is', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const { performance_id } = await fixture.open(performance({ chart_id: 'cht_six' }))
      const model: Model = { bookings: [], holder: Array(SEATS).fill(null) }
      const real: Real = { fixture, performance_id, ids: [] }
      await fc.asyncModelRun(() => ({ model, real }), list)
      const claims = await fixture.owner.query<{ seat: number; holder_id: string }>(
        `select c.seat, c.holder_id from booking.seat_claims c join booking.performances p using (performance_no)
         where p.performance_id = $1 and c.expires_at > now() order by c.seat`,
        [performance_id],
      )
      const expected = model.holder.flatMap((holder, seat) => {
        const status = holder === null ? undefined : model.bookings[holder]?.status
        return status === 'alive' || status === 'confirmed' ? [{ seat, holder_id: real.ids[holder ?? -1] }] : []
      })
      expect(claims).toEqual(expected)
      expect(await violationsOf(fixture.auditor, invariants)).toEqual({})
    }),
    { numRuns: RUNS },
  )
})
