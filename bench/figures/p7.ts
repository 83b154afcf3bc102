import pg from 'pg'
import type { Bench } from '../product.ts'
import { median, type Row } from '../report.ts'
import { Holds } from './holds.ts'

const ROUNDS = 3
const HOLDS = 16_000
/** Enough in flight to keep a batch filling while another is decided: an on-sale has no shortage of people. */
const CONNECTIONS = 512
const FEW = 10_000
const MANY = 10_000_000

/** P7: what ten million sold seats in the table cost the next hold, against ten thousand. */
export async function p7(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  const holds = new Holds(bench, tokens)
  await holds.supply(HOLDS * (2 * ROUNDS + 2))
  const client = new pg.Client({ connectionString: bench.database_url })
  await client.connect()
  await fill(client, 0, FEW)
  await holds.run(HOLDS / 4, CONNECTIONS)
  const few = await rounds(holds)
  await fill(client, FEW, MANY)
  await holds.run(HOLDS / 4, CONNECTIONS)
  const many = await rounds(holds)
  await client.end()
  const ratio = many / few
  return [
    {
      id: 'P7',
      what: 'P1 with 10 million sold seats in the table',
      ours: `${Math.round(many)}/s`,
      reference: `with 10 thousand ${Math.round(few)}/s`,
      ratio,
      target: '≥ 0.9',
      met: ratio >= 0.9,
    },
  ]
}

async function rounds(holds: Holds): Promise<number> {
  const speeds: number[] = []
  for (let round = 0; round < ROUNDS; round++) speeds.push((await holds.run(HOLDS, CONNECTIONS)).per_second)
  return median(speeds)
}

/** Sold seats of other performances, with their bookings: 20,000 seats a performance, two a booking. */
async function fill(client: pg.Client, from: number, to: number): Promise<void> {
  await client.query(
    `insert into booking.seat_claims (performance_no, seat, holder_id, expires_at)
     select 1000000 + (n / 20000)::int, (n % 20000)::int, 'bk_' || lpad((n / 2)::text, 26, '0'), 'infinity' from generate_series($1::bigint, $2::bigint - 1) n`,
    [from, to],
  )
  await client.query(
    `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers, line_quantities, line_prices, total, held_at, expires_at, status)
     select 'bk_' || lpad(n::text, 26, '0'), 1000000 + (n / 10000)::int, 'usr_' || n, 'k', 'h', array[(n * 2 % 20000)::int, (n * 2 % 20000)::int + 1], '{1,1}', '{1,1}', '{2400,2400}', 4800, now(), now(), 'confirmed'
     from generate_series($1::bigint / 2, $2::bigint / 2 - 1) n`,
    [from, to],
  )
  await client.query('analyze booking.seat_claims')
  await client.query('analyze booking.bookings')
  await client.query('checkpoint')
}
