import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { productOfFile } from '../product.ts'
import {
  type Booking,
  buy,
  type Held,
  hold,
  type Onsale,
  type Organizer,
  organizer,
  type Paid,
  type Person,
  pay,
  plan,
  putOnSale,
  register,
  STALLS,
} from '../theatre.ts'

/** From an empty database to an admitted guest, by calls that the API's contract describes. */
const product = await productOfFile()
const { client } = product

type Problem = { type: string; title: string; status: number; detail?: string; instance: string; request_id: string }
type Chart = { id: string; seat_count: number; categories: { name: string; seat_count: number }[] }

// From the disk: by itself it would be fetched from the internet.
const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
beforeAll(async () => {
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer }, fireImmediately: true })
})

const DAY_MS = 86_400_000
const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString()

describe('selling', () => {
  test('venue → chart → event → performance → tier → publish, and everyone sees it', async () => {
    const owner = await organizer(client)
    const as = owner.token
    const venue = { name: 'Hall', address: 'Street 1', city: 'Berlin', country: 'DE', latitude: 52.5, longitude: 13.4 }
    const made = await client.expect<{ id: string }>(201, 'POST', '/venues', {
      as,
      body: { ...venue, time_zone: 'Europe/Berlin' },
    })
    expect(made.body.id).toMatch(/^ven_[0-9a-hjkmnp-tv-z]{26}$/)
    expect((await client.expect(200, 'GET', `/venues/${made.body.id}`, { as })).body).toMatchObject({
      ...venue,
      time_zone: 'Europe/Berlin',
    })
    const chart = await client.expect<Chart>(201, 'POST', `/venues/${made.body.id}/charts`, { as, body: plan(4, 6) })
    expect(chart.body).toMatchObject({ seat_count: 24, categories: [{ name: 'Stalls' }, { name: 'Circle' }] })

    const event = await client.expect<{ id: string }>(201, 'POST', '/events', {
      as,
      body: { title: 'Night', description: 'Hello', genre: 'Music', venue_id: made.body.id, currency: 'EUR' },
    })
    expect(event.body.id).toMatch(/^evt_/)
    const times = { start_time: at(40), end_time: at(40.1), doors_time: at(39.95) }
    const performance = await client.expect<{ id: string }>(201, 'POST', `/events/${event.body.id}/performances`, {
      as,
      body: { chart_id: chart.body.id, ...times },
    })
    expect(performance.body).toMatchObject({ id: expect.stringMatching(/^perf_/), ...times })
    const tier = await client.expect<{ id: string }>(201, 'POST', `/performances/${performance.body.id}/tiers`, {
      as,
      body: { name: 'Stalls', price: STALLS, categories: ['Stalls'], sale_start: at(-1), sale_end: at(40) },
    })
    expect(tier.body).toMatchObject({ id: expect.stringMatching(/^tier_/), price: STALLS })

    await client.expect(404, 'GET', `/events/${event.body.id}`)
    await client.expect(404, 'GET', `/performances/${performance.body.id}/seats`)
    const buyer = await register(client)
    const early = { performance_id: performance.body.id, seat_ids: ['A-1'] }
    await client.expect(404, 'POST', '/bookings/hold', { as: buyer.token, key: true, body: early })

    await client.expect(200, 'POST', `/events/${event.body.id}/publish`, { as })
    // A 2xx is visible to the next call: no waiting here.
    await client.expect<Held>(201, 'POST', '/bookings/hold', { as: buyer.token, key: true, body: early })
    const seen = await client.expect(200, 'GET', `/events/${event.body.id}`)
    expect(seen.body).toMatchObject({ id: event.body.id, title: 'Night', status: 'published' })
    const listed = await client.expect<{ items: { id: string }[] }>(200, 'GET', '/events?city=Berlin&genre=Music')
    expect(listed.body.items.map((item) => item.id)).toContain(event.body.id)
    const geometry = await client.expect(200, 'GET', `/charts/${chart.body.id}/geometry`)
    expect(geometry.headers.get('cache-control')).toContain('immutable')
    const availability = await client.expect(200, 'GET', `/events/${event.body.id}/availability`)
    expect(availability.body).toMatchObject({
      performances: [{ total: 24, tiers: [{ tier_id: tier.body.id, total: 12 }] }],
    })
  })

  test('what is malformed is 400 with pointers, what is refused is 422, who has no role is 403, who is nobody 401', async () => {
    const owner = await organizer(client)
    const nobody = await register(client)
    const body = { name: 'Hall', address: 'x', city: 'Berlin', country: 'DE', time_zone: 'Europe/Berlin' }
    await client.expect(401, 'POST', '/venues', { body })
    await client.expect(401, 'POST', '/venues', { as: 'not.a.token', body })
    await client.expect(403, 'POST', '/venues', { as: nobody.token, body })
    const bad = await client.expect<Problem & { errors: { pointer: string; detail: string }[] }>(
      400,
      'POST',
      '/venues',
      {
        as: owner.token,
        body: { ...body, name: 7, colour: 'red' },
      },
    )
    expect(bad.headers.get('content-type')).toContain('application/problem+json')
    expect(bad.body).toMatchObject({ type: '/problems/malformed-request', status: 400, instance: '/api/v1/venues' })
    expect(bad.body.errors.map((error) => error.pointer).sort()).toEqual(['/colour', '/name'])
    expect(bad.headers.get('x-request-id')).toBe(bad.body.request_id)
    await client.expect(422, 'POST', '/venues', { as: owner.token, body: { ...body, time_zone: 'Mars/Olympus' } })
    await client.expect(415, 'POST', '/venues', {
      as: owner.token,
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    await client.expect(413, 'POST', '/venues', { as: owner.token, body: { ...body, name: 'x'.repeat(2 ** 21) } })
    await client.expect(404, 'GET', '/no/such/thing')
  })
})

describe('buying', () => {
  test('hold → clash → the same again by its key → another body under it → decline → pay → tickets', async () => {
    const onsale = await putOnSale(client)
    const [buyer, other] = await Promise.all([register(client), register(client, 'Bo', 'Second')])
    const body = { performance_id: onsale.performance_id, seat_ids: ['A-1', 'A-2'] }
    const key = crypto.randomUUID()
    await client.expect(428, 'POST', '/bookings/hold', { as: buyer.token, body })
    const held = await client.expect<Held>(201, 'POST', '/bookings/hold', { as: buyer.token, key, body })
    const { booking_id } = held.body
    expect(held.body).toMatchObject({
      booking_id: expect.stringMatching(/^bk_/),
      status: 'held',
      currency: 'EUR',
      subtotal: { amount: 4_800, currency: 'EUR' },
      total: { amount: 4_800, currency: 'EUR' },
    })
    const left_ms = Date.parse(held.body.hold_expires_at) - Date.now()
    expect(left_ms).toBeGreaterThan(290_000)
    expect(left_ms).toBeLessThanOrEqual(300_500)

    const clash = await client.expect<Problem & { unavailable: string[] }>(409, 'POST', '/bookings/hold', {
      as: other.token,
      key: true,
      body: { performance_id: onsale.performance_id, seat_ids: ['A-2', 'A-3'] },
    })
    expect(clash.body).toMatchObject({ type: '/problems/seat-unavailable', unavailable: ['A-2'] })
    // All or nothing: A-3 was not taken along.
    await hold(client, other.token, onsale.performance_id, { seat_ids: ['A-3'] })

    const again = await client.expect<Held>(201, 'POST', '/bookings/hold', { as: buyer.token, key, body })
    expect(again.body).toEqual(held.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    await client.expect(422, 'POST', '/bookings/hold', { as: buyer.token, key, body: { ...body, seat_ids: ['A-9'] } })

    await client.expect(402, 'POST', '/bookings/confirm', { as: buyer.token, key: true, body: { booking_id } })
    const intent = await client.expect<{ payment_id: string; amount: object }>(201, 'POST', '/payments/intent', {
      as: buyer.token,
      key: true,
      body: { booking_id },
    })
    const { payment_id } = intent.body
    expect(intent.body).toMatchObject({ amount: { amount: 4_800, currency: 'EUR' }, client_secret: expect.any(String) })
    const declineKey = crypto.randomUUID()
    const decline = { payment_id, payment_method: 'pm_card_chargeDeclined' }
    const refused = await client.expect<Problem>(402, 'POST', '/payments/confirm', {
      as: buyer.token,
      key: declineKey,
      body: decline,
    })
    expect(refused.body.type).toBe('/problems/payment-failed')
    await client.expect(402, 'POST', '/payments/confirm', { as: buyer.token, key: declineKey, body: decline })
    const kept = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: buyer.token })
    expect(kept.body).toMatchObject({ status: 'held', hold_expires_at: held.body.hold_expires_at })

    const pay = { payment_id, payment_method: 'pm_card_visa' }
    const payKey = crypto.randomUUID()
    const paid = await client.expect<Paid>(200, 'POST', '/payments/confirm', {
      as: buyer.token,
      key: payKey,
      body: pay,
    })
    expect(paid.body).toEqual({ payment_id, status: 'succeeded', booking: { id: booking_id, status: 'confirmed' } })
    const repeated = await client.expect(200, 'POST', '/payments/confirm', { as: buyer.token, key: payKey, body: pay })
    expect(repeated.body).toEqual(paid.body)

    const booking = await client.expect<Booking>(200, 'GET', `/bookings/${booking_id}`, { as: buyer.token })
    expect(booking.body).toMatchObject({
      id: booking_id,
      status: 'confirmed',
      payments: [{ id: payment_id, status: 'succeeded', amount: { amount: 4_800 }, refunded: { amount: 0 } }],
    })
    expect(booking.body.tickets.map((ticket) => [ticket.seat_id, ticket.status]).sort()).toEqual([
      ['A-1', 'active'],
      ['A-2', 'active'],
    ])
    const mine = await client.expect<{ items: { id: string }[] }>(200, 'GET', '/users/me/bookings', { as: buyer.token })
    expect(mine.body.items.map((item) => item.id)).toEqual([booking_id])
  })

  test('unknown, foreign, repeated and empty lists of seats', async () => {
    const onsale = await putOnSale(client, { max_per_order: 4 })
    const buyer = await register(client)
    const refused = async (status: number, what: object): Promise<string> =>
      (
        await client.expect<Problem>(status, 'POST', '/bookings/hold', {
          as: buyer.token,
          key: true,
          body: { performance_id: onsale.performance_id, ...what },
        })
      ).body.type
    expect(await refused(422, { seat_ids: ['Z-99'] })).toBe('/problems/unknown-seats')
    expect(await refused(422, { seat_ids: ['A-1', 'A-1'] })).toBe('/problems/unknown-seats')
    expect(await refused(422, { seat_ids: ['A-1', 'A-2', 'A-3', 'A-4', 'A-5'] })).toBe('/problems/limit-exceeded')
    expect(await refused(422, { items: [3, 2].map((quantity) => ({ tier_id: onsale.standing, quantity })) })).toBe(
      '/problems/limit-exceeded',
    )
    expect(await refused(400, { seat_ids: [] })).toBe('/problems/malformed-request')
    expect(await refused(400, {})).toBe('/problems/malformed-request')
    expect(await refused(400, { items: [{ tier_id: onsale.standing, quantity: 0 }] })).toBe(
      '/problems/malformed-request',
    )
  })

  test('general admission: places run out exactly, and a shortage names the tier', async () => {
    const onsale = await putOnSale(client, { standing: 5 })
    const [one, two] = await Promise.all([register(client), register(client)])
    const booking = await buy(client, one.token, onsale.performance_id, {
      items: [{ tier_id: onsale.standing, quantity: 3 }],
    })
    expect(booking.tickets.map((ticket) => [ticket.seat_id, ticket.tier_id])).toEqual(
      Array.from({ length: 3 }, () => [null, onsale.standing]),
    )
    const short = await client.expect<Problem & { unavailable: string[] }>(409, 'POST', '/bookings/hold', {
      as: two.token,
      key: true,
      body: { performance_id: onsale.performance_id, items: [{ tier_id: onsale.standing, quantity: 3 }] },
    })
    expect(short.body.unavailable).toEqual([onsale.standing])
    await hold(client, two.token, onsale.performance_id, { items: [{ tier_id: onsale.standing, quantity: 2 }] })
  })

  test('best available seats lie together; what costs nothing is confirmed without a payment', async () => {
    const onsale = await putOnSale(client)
    const buyer = await register(client)
    const held = await client.expect<Held & { line_items: { seat_id: string }[] }>(201, 'POST', '/bookings/hold', {
      as: buyer.token,
      key: true,
      body: { performance_id: onsale.performance_id, best_available: { tier_id: onsale.circle, quantity: 3 } },
    })
    const [row, ...others] = new Set(held.body.line_items.map((line) => line.seat_id.split('-')[0]))
    expect([row, others]).toEqual([expect.stringMatching(/^[CD]$/), []])
    expect(held.body.total.amount).toBe(0)
    const { booking_id } = held.body
    await client.expect(422, 'POST', '/payments/intent', { as: buyer.token, key: true, body: { booking_id } })
    const confirmed = await client.expect<Booking>(200, 'POST', '/bookings/confirm', {
      as: buyer.token,
      key: true,
      body: { booking_id },
    })
    expect(confirmed.body).toMatchObject({ status: 'confirmed', tickets: { length: 3 } })
  })

  test('what belongs to another user or another tenant is 404, like what does not exist', async () => {
    const onsale = await putOnSale(client)
    const [buyer, other, stranger] = await Promise.all([register(client), register(client), organizer(client)])
    const booking = await buy(client, buyer.token, onsale.performance_id, { seat_ids: ['A-1'] })
    const [ticket] = booking.tickets
    const [payment] = booking.payments
    const places = [
      [`/bookings/${booking.id}`, '/bookings/bk_01h455vb4pex5vsknk084sn02q'],
      [`/tickets/${ticket?.id}`, '/tickets/tkt_01h455vb4pex5vsknk084sn02q'],
      [`/tickets/${ticket?.id}/qr.svg`, '/tickets/tkt_01h455vb4pex5vsknk084sn02q/qr.svg'],
      [`/tickets/${ticket?.id}/pdf`, '/tickets/tkt_01h455vb4pex5vsknk084sn02q/pdf'],
      [`/bookings/${booking.id}/calendar.ics`, '/bookings/bk_01h455vb4pex5vsknk084sn02q/calendar.ics'],
      [`/payments/${payment?.id}`, '/payments/pay_01h455vb4pex5vsknk084sn02q'],
    ] as const
    const told = async (as: string, path: string): Promise<unknown> => {
      const { body } = await client.expect<Problem>(404, 'GET', path, { as })
      return { ...body, instance: '', request_id: '' }
    }
    for (const [foreign, absent] of places)
      for (const as of [other.token, stranger.token]) expect(await told(as, foreign)).toEqual(await told(as, absent))
    for (const [as, own] of [
      [other.token, `/bookings/${booking.id}`],
      [stranger.token, `/bookings/${booking.id}`],
    ] as const)
      await client.expect(404, 'DELETE', own, { as })
    await client.expect(404, 'GET', `/events/${onsale.event_id}/sales`, { as: stranger.token })
    await client.expect(404, 'DELETE', `/events/${onsale.event_id}`, { as: stranger.token })
    await client.expect(404, 'POST', `/payments/${payment?.id}/refund`, {
      as: stranger.token,
      key: true,
      body: { reason: 'mine now' },
    })
    await client.expect(404, 'POST', '/payments/intent', {
      as: other.token,
      key: true,
      body: { booking_id: booking.id },
    })
  })
})

describe('entering', () => {
  test('24 scanners at once: one admission, 23 are told when and where', async () => {
    const { onsale, owner, code, ticket_id } = await soldTicket()
    const scans = await Promise.all(
      Array.from({ length: 24 }, (_, gate) =>
        client.send<{ result: string; first_admitted_at?: string; gate?: string }>('POST', '/checkins', {
          as: owner.token,
          key: true,
          body: { code, performance_id: onsale.performance_id, gate: `Gate ${gate}` },
        }),
      ),
    )
    const admitted = scans.filter((scan) => scan.status === 200)
    expect(admitted.map((scan) => scan.body)).toMatchObject([{ result: 'admitted', ticket: { id: ticket_id } }])
    const refused = scans.filter((scan) => scan.status === 409)
    expect(refused).toHaveLength(23)
    expect(refused[0]?.body).toMatchObject({ result: 'already_used', gate: expect.stringMatching(/^Gate /) })
    const doors = `/performances/${onsale.performance_id}/checkins`
    expect((await client.expect(200, 'GET', doors, { as: owner.token })).body).toMatchObject({ admitted: 1, total: 1 })
  })

  test('a lost answer refuses no honest guest; wrong door, void, forged and strange codes are told apart', async () => {
    const { onsale, owner, buyer, code, booking_id } = await soldTicket()
    const elsewhere = await putOnSale(client, { organizer: owner })
    const scan = (status: number, body: object, key: string | true = true) =>
      client.expect<{ result: string }>(status, 'POST', '/checkins', { as: owner.token, key, body })
    const { performance_id } = onsale
    expect((await scan(422, { code, performance_id: elsewhere.performance_id })).body.result).toBe('wrong_performance')
    const forged = `${code.slice(0, -10)}${code.at(-10) === 'A' ? 'B' : 'A'}${code.slice(-9)}`
    for (const strange of ['', 'https://example.test', forged])
      expect((await scan(422, { code: strange, performance_id })).body.result).toBe('unknown_code')
    await client.expect(403, 'POST', '/checkins', { as: buyer.token, key: true, body: { code, performance_id } })

    const key = crypto.randomUUID()
    const first = await scan(200, { code, performance_id }, key)
    expect((await scan(200, { code, performance_id }, key)).body).toEqual(first.body)
    expect((await scan(409, { code, performance_id })).body.result).toBe('already_used')
    await client.expect(409, 'DELETE', `/bookings/${booking_id}`, { as: buyer.token })

    const { body } = first as unknown as { body: { checkin_id: string } }
    await client.expect(200, 'DELETE', `/checkins/${body.checkin_id}`, { as: owner.token })
    await client.expect(200, 'DELETE', `/bookings/${booking_id}`, { as: buyer.token })
    expect((await scan(422, { code, performance_id })).body.result).toBe('void')
  })

  test('the code is in the QR, the ticket prints, the calendar knows the day', async () => {
    const { buyer, owner, code, ticket_id, booking_id } = await soldTicket()
    const png = await client.expect(200, 'GET', `/tickets/${ticket_id}/qr.png`, { as: buyer.token })
    const [barcode] = await readBarcodes(new Blob([new Uint8Array(png.bytes)]), { formats: ['QRCode'] })
    expect(barcode?.text).toBe(code)
    const svg = await client.expect(200, 'GET', `/tickets/${ticket_id}/qr.svg`, { as: buyer.token })
    expect(svg.headers.get('content-type')).toContain('image/svg+xml')
    const pdf = await client.expect(200, 'GET', `/tickets/${ticket_id}/pdf`, { as: buyer.token })
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    const calendar = await client.expect(200, 'GET', `/bookings/${booking_id}/calendar.ics`, { as: buyer.token })
    expect(calendar.bytes.toString()).toMatch(/BEGIN:VEVENT[^]*SUMMARY:The Tempest/)
    // The organizer sees the ticket, not its code.
    const seen = await client.expect<{ code: string | null }>(200, 'GET', `/tickets/${ticket_id}`, { as: owner.token })
    expect(seen.body.code).toBeNull()
    await client.expect(404, 'GET', `/tickets/${ticket_id}/qr.svg`, { as: owner.token })
  })
})

type Sold = { onsale: Onsale; owner: Organizer; buyer: Person; code: string; ticket_id: string; booking_id: string }

async function soldTicket(): Promise<Sold> {
  const onsale = await putOnSale(client)
  const buyer = await register(client)
  const held = await hold(client, buyer.token, onsale.performance_id, { seat_ids: ['B-4'] })
  await pay(client, buyer.token, held.booking_id)
  const booking = await client.expect<Booking>(200, 'GET', `/bookings/${held.booking_id}`, { as: buyer.token })
  const ticket_id = booking.body.tickets[0]?.id ?? ''
  const ticket = await client.expect<{ code: string }>(200, 'GET', `/tickets/${ticket_id}`, { as: buyer.token })
  return { onsale, owner: onsale.organizer, buyer, code: ticket.body.code, ticket_id, booking_id: held.booking_id }
}
