import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fixture, openFixture } from '../fixture.ts'
import { linesOf } from './movements.ts'
import { post } from './post.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await openFixture({ webhooks: false })
})
afterAll(() => fixture[Symbol.asyncDispose]())

const linesIn = (payment_id: string) =>
  fixture.context.owner.query<{ kind: string; account: string; amount: number }>(
    `select kind, account, amount from payment.ledger_entries join payment.ledger_journals on id = journal_id
     where payment_id = $1 order by kind, amount desc`,
    [payment_id],
  )

test('the statement that captures books what the movements say', async () => {
  const { payment_id } = await fixture.pay()
  const { fee } = await fixture.row(payment_id)
  expect(Number(fee)).toBeGreaterThan(0)
  expect(await linesIn(payment_id)).toEqual([
    ...linesOf('capture', 4_800).map((line) => ({ kind: 'capture', ...line })),
    ...linesOf('provider-fee', Number(fee)).map((line) => ({ kind: 'provider-fee', ...line })),
  ])
})

test('a movement is booked once, and several go together', async () => {
  const { payment_id } = await fixture.pay()
  const books = { id: payment_id, organization_id: 'org_of_the_event', provider: 'stripe', currency: 'USD' }
  const before = await linesIn(payment_id)
  const movements = [
    { kind: 'capture', source_id: payment_id, amount: 1 },
    { kind: 'refund', source_id: 'ref_1', amount: 700 },
    { kind: 'refund', source_id: 'ref_2', amount: 0 },
  ] as const
  await fixture.context.db.transaction((tx) => post(tx, books, movements))
  await fixture.context.db.transaction((tx) => post(tx, books, movements))
  const added = (await linesIn(payment_id)).filter((line) => !before.some((known) => known.kind === line.kind))
  expect(added).toEqual(linesOf('refund', 700).map((line) => ({ kind: 'refund', ...line })))
})

test('no line joins a journal of another transaction, balanced or not', async () => {
  const { payment_id } = await fixture.pay()
  await expect(
    fixture.context.db.query(
      `insert into ledger_entries (journal_id, account, amount)
       select min(id), account, amount from ledger_journals, (values ('refunds', 5), ('disputes', -5)) as line (account, amount)
       where payment_id = $1 group by account, amount`,
      [payment_id],
    ),
  ).rejects.toThrow('written in one transaction')
})
