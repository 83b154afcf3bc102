import { expect, test } from 'vitest'
import { openFixture } from './fixture.ts'
import { jobs } from './jobs.ts'
import { sweep } from './sweep.ts'

const DAY_MS = 24 * 3_600_000

test('the sweep deletes expired rows and nothing else', async () => {
  await using fixture = await openFixture()
  const { owner } = fixture.context
  const person = await fixture.newPerson()
  await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: person.refresh_token } })
  await fixture.call('POST', '/api/v1/auth/login', { body: { email: person.email, password: 'guess' } })
  await owner.query(
    `insert into identity.known_devices select sha256(n::text::bytea), $1, now(), now() + make_interval(days => n) from generate_series(1, 30) as n`,
    [person.user_id],
  )
  const sweep = jobs(fixture.deps).find((job) => job.name === 'identity.sweep')
  const rows = async (table: string): Promise<number> => (await owner.query(`select 1 from identity.${table}`)).length
  const counts = async (): Promise<number[]> =>
    Promise.all(['sessions', 'refresh_tokens', 'known_devices', 'login_failures', 'source_quotas', 'users'].map(rows))
  const runAt = async (days: number): Promise<number[]> => {
    await sweep?.run({ as_of: new Date(Date.now() + days * DAY_MS).toISOString() })
    return counts()
  }
  // A wrong password counts for its source and for the account.
  expect(await counts()).toEqual([1, 2, 31, 2, 1, 1])
  expect(await runAt(0)).toEqual([1, 2, 20, 2, 1, 1])
  expect(await runAt(9)).toEqual([1, 1, 20, 0, 0, 1])
  expect(await runAt(40)).toEqual([0, 0, 1, 0, 0, 1])
  expect(await runAt(400)).toEqual([0, 0, 0, 0, 0, 1])
})

test('invitations stay a month after they were accepted or expired', async () => {
  await using fixture = await openFixture()
  const { user_id, access_token } = await fixture.newPerson()
  const body = { name: 'Hall' }
  const { id } = (await fixture.call('POST', '/api/v1/organizations', { token: access_token, body })).body
  const offer = { email: 'a@example.test', role: 'staff' }
  await fixture.call('POST', `/api/v1/organizations/${id}/invitations`, { token: access_token, body: offer })
  const left = async (days: number): Promise<number> => {
    await sweep(fixture.deps, { as_of: new Date(Date.now() + days * DAY_MS).toISOString() })
    return (await fixture.context.owner.query('select 1 from identity.invitations where invited_by = $1', [user_id]))
      .length
  }
  expect([await left(36), await left(38)]).toEqual([1, 0])
})

test('the scheduled jobs have the names that operators run by hand', async () => {
  await using fixture = await openFixture()
  expect(jobs(fixture.deps).map((job) => [job.name, job.cron])).toEqual([
    ['identity.rotate-keys', '17 4 1 * *'],
    ['identity.sweep', '41 3 * * *'],
  ])
})
