import { expect, test } from 'vitest'
import { type Message, openStream } from '../event-stream.ts'
import { productOfFile } from '../product.ts'
import { guest, hold, putOnSale } from '../theatre.ts'

/** Holds, releases, blocks, edited tiers and repeated publication at once, watched by many: everyone sees the same. */
const product = await productOfFile()
const { client, origin } = product

const ROWS = 8
const SEATS = 10
const ROUNDS = 9
const READERS = 6
const PATIENCE_MS = 60_000

type Frame = { version: number; previous: number; changes: Record<string, string> }
type SeatStates = Record<string, string>

/** Applies whatever comes, as a reader does that never compares versions; `drops` reconnects with Last-Event-ID. */
class Reader {
  readonly states: SeatStates = {}
  readonly gaps: [number, number][] = []
  resets = 0
  readonly #joining = Promise.withResolvers<void>()
  readonly joined = this.#joining.promise
  #version = -1
  #last_id: string | null = null

  async follow(url: string, until_version: () => number, drops: boolean): Promise<void> {
    let left = 4
    while (this.#version < until_version()) {
      await using stream = await openStream(
        url,
        this.#last_id === null ? {} : { 'last-event-id': this.#last_id },
        PATIENCE_MS,
      )
      for (;;) {
        this.#take(await stream.next())
        if (this.#version >= until_version()) return
        if (drops && --left === 0) break
      }
      left = 4
    }
  }

  #take(message: Message): void {
    if (message.event === 'reset') this.resets++
    if (message.event !== 'seats') return
    const { version, previous, changes } = JSON.parse(message.data) as Frame
    if (this.#version >= 0 && previous !== this.#version) this.gaps.push([this.#version, previous])
    Object.assign(this.states, changes)
    this.#version = version
    this.#last_id = message.id
    this.#joining.resolve()
  }
}

test('in a storm of every change no reader misses one: each ends with the seat states of the document', {
  timeout: 120_000,
}, async () => {
  const onsale = await putOnSale(client, { rows: ROWS, seats_a_row: SEATS })
  const { performance_id, event_id, stalls } = onsale
  const as = onsale.organizer.token
  let ended_at = Number.POSITIVE_INFINITY
  const readers = Array.from({ length: READERS }, () => new Reader())
  const url = `${origin}/api/v1/performances/${performance_id}/seats/stream`
  const following = Promise.allSettled(readers.map((reader, n) => reader.follow(url, () => ended_at, n % 2 === 1)))
  await Promise.all(readers.map((reader) => reader.joined))

  const buyers = Array.from({ length: ROWS - 1 }, async (_, row) => {
    const { token } = await guest(client)
    const letter = String.fromCharCode(65 + row)
    for (let round = 0; round < ROUNDS; round++) {
      const seat_ids = [`${letter}-${(round % SEATS) + 1}`]
      const held = await hold(client, token, performance_id, { seat_ids })
      if (round % 3 !== 0) await client.expect(200, 'DELETE', `/bookings/${held.booking_id}`, { as: token })
    }
  })
  const organizers = Array.from({ length: ROUNDS }, async (_, round) => {
    const seat_ids = [`H-${(round % SEATS) + 1}`]
    await client.send('POST', `/performances/${performance_id}/blocks`, { as, body: { seat_ids, reason: 'Camera' } })
    await client.send('PUT', `/tiers/${stalls}`, { as, body: { name: `Stalls ${round}` } })
    await client.send('POST', `/events/${event_id}/publish`, { as })
  })
  await Promise.all([...buyers, ...organizers])
  await product.settle()

  const document = async () =>
    (await client.expect<{ version: number; seats: SeatStates }>(200, 'GET', `/performances/${performance_id}/seats`))
      .body
  const [row] = await product.product.owner.query<{ version: number }>(
    'select version from realtime.seat_states where performance_id = $1',
    [performance_id],
  )
  await expect.poll(async () => (await document()).version, { timeout: 10_000 }).toBe(row?.version)
  const { version, seats } = await document()
  ended_at = version
  // One more change wakes readers that have seen them all.
  const { token } = await guest(client)
  await hold(client, token, performance_id, { seat_ids: ['G-10'] })
  expect((await following).filter(({ status }) => status === 'rejected')).toEqual([])
  for (const reader of readers) {
    const { 'G-10': _, ...shown } = reader.states
    expect(Object.fromEntries(Object.entries(shown).filter(([, state]) => state !== 'available'))).toEqual(seats)
    expect(reader.gaps).toEqual([])
    expect(reader.resets).toBe(0)
  }
})
