import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Confirmed } from '@tessera/contracts/events/booking'
import type { Ticket } from '@tessera/contracts/http/ticketing'
import { newId } from '@tessera/contracts/ids'
import { readTicketCode } from '@tessera/contracts/ticket-code'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { asPrincipal } from '#platform/testing'
import { BUYER, type Fixture, OTHER, openFixture, orderTokenOf, RIVAL, STAFF } from './fixture.ts'
import { removeVoidPrints } from './prints.ts'
import { rpc } from './rpc.ts'
import { rotateSigningKey } from './signing-keys.ts'

let fixture: Fixture
let confirmed: Confirmed
let ticket: Ticket
beforeAll(async () => {
  fixture = await openFixture()
  confirmed = await fixture.confirm({ performance: await fixture.publish() })
  const [first] = await fixture.ticketsOf(confirmed)
  if (first === undefined) throw new Error('no ticket was issued')
  ticket = first
})
afterAll(() => fixture.context[Symbol.asyncDispose]())

const get = (path: string, as?: typeof BUYER) =>
  fixture.context.call('GET', `/api/v1${path}`, as === undefined ? {} : { as })

test('a ticket has its holder, performance, time and seat', async () => {
  expect((await get(`/tickets/${ticket.id}`, BUYER)).body).toEqual({
    id: ticket.id,
    booking_id: confirmed.booking_id,
    code: expect.stringMatching(/^TSR1\./),
    short_code: expect.stringMatching(/^[3-9A-Y]{5}-[3-9A-Y]{5}$/),
    status: 'active',
    position: 1,
    of: 2,
    seat: {
      id: confirmed.line_items[0]?.seat_id,
      label: confirmed.line_items[0]?.label,
      section: 'Stalls',
      row: 'F',
      number: confirmed.line_items[0]?.seat_id?.slice(2),
    },
    tier: { id: 'tier_stalls', name: 'Stalls' },
    holder: { first_name: 'Meera', last_name: 'Joshi' },
    performance: {
      id: confirmed.performance_id,
      event_id: confirmed.event_id,
      title: 'Monsoon Ragas',
      genre: 'classical',
      start_time: '2099-11-28T12:30:00.000Z',
      end_time: '2099-11-28T15:30:00.000Z',
      doors_time: '2099-11-28T11:45:00.000Z',
      venue: {
        id: 'ven_opera',
        name: 'Old Opera House',
        address: 'Mathew Road',
        city: 'Mumbai',
        country: 'IN',
        time_zone: 'Asia/Kolkata',
      },
    },
  })
})

test('the code verifies with the public keys alone, and a key rotation changes no issued ticket', async () => {
  const valid = async (text: string | null) => {
    const code = readTicketCode(text ?? '')
    const keys = await rpc(fixture.context.deps).code_keys({})
    const x = keys.find((key) => key.key_id === code?.key_id)?.public_key
    if (code === null || x === undefined) return false
    return verify(
      null,
      code.signed,
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
      code.signature,
    )
  }
  expect(await valid(ticket.code)).toBe(true)
  const { deps } = fixture.context
  expect(await rotateSigningKey(deps, '2000-01-01T00:00:00Z')).toEqual({ rotated: false })
  expect(await rotateSigningKey(deps, null)).toEqual({ rotated: true })
  const after = (await get(`/tickets/${ticket.id}`, BUYER)).body as Ticket
  expect(after.code).toBe(ticket.code)
  const later = await fixture.confirm({ performance: await fixture.publish(), count: 1 })
  const [fresh] = await fixture.ticketsOf(later)
  expect(readTicketCode(fresh?.code ?? '')?.key_id).not.toBe(readTicketCode(ticket.code ?? '')?.key_id)
  expect([await valid(after.code), await valid(fresh?.code ?? null)]).toEqual([true, true])
})

test('private keys and codes are never stored in the clear', async () => {
  const dump = await fixture.context.owner.query<{ row: string }>(
    'select t::text as row from ticketing.tickets t union all select k::text from ticketing.signing_keys k union all select o::text from ticketing.outbox o',
  )
  const text = dump.map(({ row }) => row).join('\n')
  expect(text).not.toContain('TSR1.')
  // The start of every Ed25519 private key in PKCS #8, in base64 and hex.
  expect(text).not.toContain('MC4CAQAwBQYDK2Vw')
  expect(text).not.toContain('302e020100300506032b6570')
})

test('visibility: holder, order link, organization without the code, nobody else', async () => {
  const link = orderTokenOf(confirmed.booking_id)
  const otherLink = orderTokenOf(newId('bk'))
  const holders = [
    `/tickets/${ticket.id}/qr.svg`,
    `/tickets/${ticket.id}/qr.png`,
    `/tickets/${ticket.id}/pdf`,
    `/bookings/${confirmed.booking_id}/tickets.pdf`,
  ]
  const shared = [`/tickets/${ticket.id}`, `/bookings/${confirmed.booking_id}/calendar.ics`]
  for (const path of [...holders, ...shared]) {
    const status = async (as?: typeof BUYER, query = '') => (await get(path + query, as)).status
    const statuses = {
      nobody: await status(),
      buyer: await status(BUYER),
      link: await status(undefined, `?access=${link}`),
      link_of_another_order: await status(undefined, `?access=${otherLink}`),
      other: await status(OTHER),
      rival: await status(RIVAL),
      staff: await status(STAFF),
      admin: await status(asPrincipal('usr_admin', ['admin'])),
    }
    const people = holders.includes(path) ? 404 : 200
    expect(statuses, path).toEqual({
      nobody: 401,
      buyer: 200,
      link: 200,
      link_of_another_order: 404,
      other: 404,
      rival: 404,
      staff: people,
      admin: people,
    })
  }
  expect((await get(`/tickets/${ticket.id}`, STAFF)).body).toMatchObject({
    code: null,
    short_code: null,
    holder: { first_name: 'Meera' },
  })
  expect((await get(`/tickets/${ticket.id}?access=${link}`)).body).toMatchObject({ code: ticket.code })
  const absent = await get(`/tickets/${newId('tkt')}`, OTHER)
  const foreign = await get(`/tickets/${ticket.id}`, OTHER)
  const shape = (answer: typeof absent) => ({ ...(answer.body as object), request_id: '', instance: '' })
  expect(shape(foreign)).toEqual(shape(absent))
  for (const odd of ['tkt_x', 'nothing', '%00', 'tkt_%00'])
    expect((await get(`/tickets/${odd}`, BUYER)).status).toBe(404)
})

test('admission at the door is shown; a ticket is shown without it while check-in or catalog is unavailable', async () => {
  fixture.used.add(ticket.id)
  expect((await get(`/tickets/${ticket.id}`, BUYER)).body).toMatchObject({ status: 'used' })
  fixture.away.add('checkin')
  expect(await get(`/tickets/${ticket.id}`, BUYER)).toMatchObject({
    status: 200,
    body: { status: 'active', code: ticket.code },
  })
  fixture.away.delete('checkin')
  fixture.used.delete(ticket.id)

  fixture.away.add('catalog')
  const hall = await fixture.publish({ chart_id: 'cht_unread' })
  const [unread] = await fixture.ticketsOf(await fixture.confirm({ performance: hall, count: 1 }))
  expect(unread?.seat).toEqual({ id: unread?.seat?.id, label: unread?.seat?.label })
  fixture.away.delete('catalog')
  const again = (await get(`/tickets/${unread?.id}`, BUYER)).body as Ticket
  expect(again.seat?.section).toBe('Stalls')
})

test('the QR code reads back as the ticket code, from PNG and from SVG, dark on white with a quiet zone', async () => {
  const png = await get(`/tickets/${ticket.id}/qr.png`, BUYER)
  expect(png.headers).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'private, no-store',
    'referrer-policy': 'no-referrer',
  })
  expect(await decoded(png.raw)).toBe(ticket.code)

  const svg = await get(`/tickets/${ticket.id}/qr.svg`, BUYER)
  expect(svg.headers['content-type']).toContain('image/svg+xml')
  const { default: sharp } = await import('sharp')
  const raster = sharp(svg.raw, { density: 400 })
  expect(await decoded(await raster.clone().png().toBuffer())).toBe(ticket.code)
  const { data, info } = await raster.resize(490, 490).greyscale().raw().toBuffer({ resolveWithObject: true })
  const edge = Array.from({ length: info.width }, (_, x) => data[x] ?? 0)
  expect(Math.min(...edge)).toBeGreaterThan(250)
  expect(
    (
      await fixture.context.call('GET', `/api/v1/tickets/${ticket.id}/qr.svg`, {
        as: BUYER,
        headers: { 'if-none-match': svg.headers.etag ?? '' },
      })
    ).status,
  ).toBe(304)
})

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })

async function decoded(image: Buffer): Promise<string | undefined> {
  const results = await readBarcodes(new Uint8Array(image), { formats: ['QRCode'] })
  return results[0]?.text
}

test('printed tickets are tagged PDFs with embedded fonts, one ticket per page', async () => {
  const one = await get(`/tickets/${ticket.id}/pdf`, BUYER)
  expect(one.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'private, no-store' })
  const all = await get(`/bookings/${confirmed.booking_id}/tickets.pdf`, BUYER)
  for (const [pdf, pages] of [
    [one, 1],
    [all, 2],
  ] as const) {
    const text = pdf.raw.toString('latin1')
    expect(text.startsWith('%PDF-1.7')).toBe(true)
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(pages)
    expect(text).toContain('/Marked true')
    expect(text).toContain('/FontFile2')
    expect(text).not.toContain('/BaseFont /Helvetica')
  }
})

test("prints and calendar are in the reader's language, one copy for each", async () => {
  const booking = await fixture.confirm({ performance: await fixture.publish(), count: 1 })
  const [only] = await fixture.ticketsOf(booking)
  const pdf = `/api/v1/bookings/${booking.booking_id}/tickets.pdf`
  const calendar = `/api/v1/bookings/${booking.booking_id}/calendar.ics`
  const ask = async (path: string, accept = '', query = '') => {
    const headers = { 'accept-language': accept }
    const { status, headers: has, raw } = await fixture.context.call('GET', path + query, { as: BUYER, headers })
    expect({ status, vary: has['vary'] }).toEqual({ status: 200, vary: 'accept-language' })
    return { language: has['content-language'], text: raw.toString('latin1'), utf8: raw.toString('utf8') }
  }
  const prints = await Promise.all([
    ask(pdf),
    ask(pdf, 'de-AT,de;q=0.9,en;q=0.8'),
    ask(pdf, 'fr, *'),
    ask(pdf, 'en', '?locale=de-CH'),
    ask(pdf, 'de', '?locale=xx'),
    ask(`/api/v1/tickets/${only?.id}/pdf`, 'de'),
  ])
  expect(prints.map(({ language }) => language)).toEqual(['en', 'de', 'en', 'de', 'en', 'de'])
  for (const { language, text } of prints) expect(text).toContain(`/Lang (${language})`)
  // Again, from storage: the German one has not replaced the English one.
  expect((await ask(pdf, 'de')).text).toContain('/Lang (de)')
  expect((await ask(pdf, 'en')).text).toContain('/Lang (en)')

  const seat = only?.seat?.number
  const entry = (text: string) => text.replaceAll('\r\n ', '').replaceAll('\\', '')
  const german = await ask(calendar, 'de')
  expect(german.language).toBe('de')
  expect(entry(german.utf8)).toContain(`Stalls, Reihe F, Platz ${seat}nBestellung `)
  expect(entry((await ask(calendar, 'de', '?locale=en')).utf8)).toContain(`Stalls, row F, seat ${seat}nOrder `)
  expect((await get(`/tickets/${only?.id}/pdf?locale=${'x'.repeat(101)}`, BUYER)).status).toBe(400)
})

test('void tickets have no code', async () => {
  const cancelled = await fixture.confirm({ performance: await fixture.publish() })
  const [gone] = await fixture.ticketsOf(cancelled)
  await fixture.cancel(cancelled)
  expect((await get(`/tickets/${gone?.id}`, BUYER)).body).toMatchObject({ status: 'void' })
  for (const file of ['qr.svg', 'qr.png', 'pdf'])
    expect((await get(`/tickets/${gone?.id}/${file}`, BUYER)).status).toBe(409)
  expect((await get(`/bookings/${cancelled.booking_id}/tickets.pdf`, BUYER)).status).toBe(409)
  expect(String((await get(`/bookings/${cancelled.booking_id}/calendar.ics`, BUYER)).body)).toContain(
    'STATUS:CANCELLED',
  )
})

test('the prints of void tickets are removed, at the next start if their signal was lost; others stay', async () => {
  const { db, signals, storage } = fixture.context.deps
  const [good, gone] = [
    await fixture.confirm({ performance: await fixture.publish() }),
    await fixture.confirm({ performance: await fixture.publish() }),
  ]
  for (const { booking_id } of [good, gone])
    expect((await get(`/bookings/${booking_id}/tickets.pdf`, BUYER)).status).toBe(200)
  expect(await storage.list('prints')).toEqual(expect.arrayContaining([good.booking_id, gone.booking_id]))
  await fixture.cancel(gone)
  await expect.poll(() => storage.list('prints')).not.toContain(gone.booking_id)
  await storage.put(`prints/${gone.booking_id}/x.pdf`, Buffer.from('of another machine, which did not hear of it'))
  const stop = await removeVoidPrints({ db, signals, storage })
  stop()
  expect(await storage.list('prints')).not.toContain(gone.booking_id)
  expect(await storage.list('prints')).toContain(good.booking_id)
})

test('your tickets come in pages: upcoming ones first, the soonest leading, past ones last', async () => {
  const me = asPrincipal('usr_collector')
  const at = async (start_time: string, end_time: string) => {
    const performance = await fixture.publish({ start_time, end_time, title: start_time })
    await fixture.confirm({ performance, count: 1, user_id: me.user_id })
  }
  await at('2098-01-01T10:00:00.000Z', '2098-01-01T12:00:00.000Z')
  await at('2020-01-01T10:00:00.000Z', '2020-01-01T12:00:00.000Z')
  await at('2097-01-01T10:00:00.000Z', '2097-01-01T12:00:00.000Z')
  await at('2021-01-01T10:00:00.000Z', '2021-01-01T12:00:00.000Z')
  const titles: string[] = []
  let cursor: string | null = null
  do {
    const answer = await get(`/users/me/tickets?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`, me)
    const page = answer.body as { items: Ticket[]; next_cursor: string | null }
    titles.push(...page.items.map((item) => item.performance.title.slice(0, 4)))
    if (page.next_cursor !== null) expect(answer.headers.link).toContain('rel="next"')
    cursor = page.next_cursor
  } while (cursor !== null)
  expect(titles).toEqual(['2097', '2098', '2021', '2020'])
  expect((await get('/users/me/tickets?cursor=nonsense', me)).status).toBe(400)
  expect((await get('/users/me/tickets')).status).toBe(401)
  expect((await get('/users/me/tickets', OTHER)).body).toEqual({ items: [], next_cursor: null })
})
