import pg from 'pg'
import { type Bench, startBench } from '../product.ts'
import { median, type Row } from '../report.ts'
import { Holds } from './holds.ts'

const ROUNDS = 5
const HOLDS = 16_000
/** Enough in flight to keep a batch filling while another is decided: an on-sale has no shortage of people. */
const CONNECTIONS = 512
const FEW = 10_000
const MANY = 10_000_000
const TOKENS = 2_000

/** P7: what ten million sold seats in the table cost a hold, against ten thousand: two products, asked in turn. */
export async function p7(bench: Bench, tokens: readonly string[]): Promise<Row[]> {
  const few = await filled(bench, tokens, FEW)
  const full = await startBench()
  try {
    const many = await filled(full, await full.tokens(TOKENS), MANY)
    const speeds: { few: number; many: number }[] = []
    for (let round = 0; round < ROUNDS; round++) speeds.push({ few: await speed(few), many: await speed(many) })
    const ratio = median(speeds.map((one) => one.many / one.few))
    return [
      {
        id: 'P7',
        what: 'P1 with 10 million sold seats in the table (median of the rounds’ ratios)',
        ours: `${Math.round(median(speeds.map((one) => one.many)))}/s`,
        reference: `with 10 thousand ${Math.round(median(speeds.map((one) => one.few)))}/s`,
        ratio,
        target: '≥ 0.9',
        met: ratio >= 0.9,
      },
    ]
  } finally {
    await full.stop()
  }
}

/** A product with so many sold seats, warm. */
async function filled(bench: Bench, tokens: readonly string[], seats: number): Promise<Holds> {
  const holds = new Holds(bench, tokens)
  await holds.supply(HOLDS * (ROUNDS + 1))
  const client = new pg.Client({ connectionString: bench.database_url })
  await client.connect()
  await fill(client, seats)
  await client.end()
  await holds.run(HOLDS, CONNECTIONS)
  return holds
}

async function speed(holds: Holds): Promise<number> {
  return (await holds.run(HOLDS, CONNECTIONS)).per_second
}

/** Sold seats of other performances, with their bookings: 20,000 seats a performance, two a booking. */
async function fill(client: pg.Client, seats: number): Promise<void> {
  await client.query(
    `insert into booking.seat_claims (performance_no, seat, holder_id, expires_at)
     select 1000000 + (n / 20000)::int, (n % 20000)::int, 'bk_' || lpad((n / 2)::text, 26, '0'), 'infinity' from generate_series(0::bigint, $1::bigint - 1) n`,
    [seats],
  )
  await client.query(
    `insert into booking.bookings (booking_id, performance_no, owner_id, idempotency_key, body_hash, line_seats, line_tiers, line_quantities, line_prices, total, held_at, expires_at, status)
     select 'bk_' || lpad(n::text, 26, '0'), 1000000 + (n / 10000)::int, 'usr_' || n, 'k', 'h', array[(n * 2 % 20000)::int, (n * 2 % 20000)::int + 1], '{1,1}', '{1,1}', '{2400,2400}', 4800, now(), now(), 'confirmed'
     from generate_series(0::bigint, $1::bigint / 2 - 1) n`,
    [seats],
  )
  // As years of sales leave them: vacuumed. So many rows at once would set autovacuum to work in the middle of a round.
  await client.query('vacuum (analyze, freeze) booking.seat_claims')
  await client.query('vacuum (analyze, freeze) booking.bookings')
  await client.query('checkpoint')
}
