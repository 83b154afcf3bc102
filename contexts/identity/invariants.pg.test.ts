import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsEitherWay } from '#platform/testing'
import { type Fixture, openFixture, type SignedIn } from './fixture.ts'
import { invariants } from './invariants.ts'

let fixture: Fixture
let person: SignedIn
beforeAll(async () => {
  fixture = await openFixture()
  person = await fixture.newPerson()
  await fixture.call('POST', '/api/v1/auth/refresh', { body: { refresh_token: person.refresh_token } })
  await fixture.call('POST', '/api/v1/organizations', { token: person.access_token, body: { name: 'Sound' } })
  await fixture.call('POST', '/api/v1/auth/guest')
})
afterAll(() => fixture[Symbol.asyncDispose]())

/** The invariants that are violated, in slices as whole. */
const violated = async (): Promise<string[]> =>
  Object.keys(await violationsEitherWay(fixture.context.auditor, invariants))

test('valid data violates nothing', async () => {
  expect(await violated()).toEqual([])
})

/** Each planted by a superuser with the schema's constraints disabled, and undone afterwards. */
const PLANTS: readonly { id: string; plant: string; undo: string }[] = [
  {
    id: 'identity.refresh-leaf',
    plant: `drop index identity.one_unused_token_a_session;
      insert into identity.refresh_tokens select sha256('planted'), session_id, 99, issued_at, expires_at, null from identity.refresh_tokens where used_at is null limit 1`,
    undo: `delete from identity.refresh_tokens where generation = 99`,
  },
  {
    id: 'identity.refresh-chain',
    plant: `update identity.refresh_tokens set generation = 7 where generation = 1`,
    undo: `update identity.refresh_tokens set generation = 1 where generation = 7`,
  },
  {
    id: 'identity.session-owner',
    plant: `set session_replication_role = replica;
      insert into identity.refresh_tokens values (sha256('orphan'), 'ses_gone', 0, now(), now() + interval '1 day', null);
      set session_replication_role = origin`,
    undo: `delete from identity.refresh_tokens where session_id = 'ses_gone'`,
  },
  {
    id: 'identity.guests',
    plant: `insert into identity.credentials select id, '$argon2id$v=19$' from identity.users where role = 'guest' limit 1`,
    undo: `delete from identity.credentials where password_hash = '$argon2id$v=19$'`,
  },
  {
    id: 'identity.one-account',
    plant: `insert into identity.users (id, email, first_name, last_name, role)
      select 'usr_00000000000000000000000000', upper(email), 'x', 'x', 'attendee' from identity.users where email is not null limit 1`,
    undo: `delete from identity.users where id = 'usr_00000000000000000000000000'`,
  },
  {
    id: 'identity.organizers',
    plant: `update identity.memberships set role = 'staff'`,
    undo: `update identity.memberships set role = 'organizer'`,
  },
  {
    id: 'identity.session-owner',
    plant: `set session_replication_role = replica;
      insert into identity.sessions (id, user_id, ip, created_at, last_used_at, expires_at)
      select 'ses_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'usr_gone', '::1', now(), now(), now() + interval '1 day';
      set session_replication_role = origin`,
    undo: `delete from identity.sessions where user_id = 'usr_gone'`,
  },
  {
    id: 'identity.guests',
    plant: `set session_replication_role = replica;
      insert into identity.memberships (organization_id, user_id, role) select 'org_gone', id, 'staff' from identity.users where role = 'guest' limit 1;
      set session_replication_role = origin`,
    undo: `delete from identity.memberships where organization_id = 'org_gone'`,
  },
]

test('every invariant has a planted violation', () => {
  expect(new Set(PLANTS.map(({ id }) => id))).toEqual(new Set(invariants.map(({ id }) => id)))
})

test.each(PLANTS)(
  '$id fires on its planted violation alone, in slices and whole: $plant',
  async ({ id, plant, undo }) => {
    await fixture.context.owner.query(plant)
    expect(await violated()).toEqual([id])
    await fixture.context.owner.query(undo)
    expect(await violated()).toEqual([])
  },
)

test('the schema itself refuses the violations that the invariants detect', async () => {
  const { owner } = fixture.context
  await expect(owner.query(`insert into identity.users (id, role) values ('usr_1', 'guest')`)).rejects.toThrow(/check/)
  await expect(
    owner.query(`update identity.users set email = 'guest@example.test' where role = 'guest'`),
  ).rejects.toThrow(/guests_are_nameless/)
  await expect(owner.query(`update identity.users set role = 'owner' where role = 'attendee'`)).rejects.toThrow(/check/)
  await expect(owner.query(`update identity.memberships set event_ids = '{}'`)).rejects.toThrow(/check/)
  await expect(owner.query(`update identity.credentials set password_hash = 'plain'`)).rejects.toThrow(/check/)
  await expect(owner.query(`update identity.sessions set revoked_at = now()`)).rejects.toThrow(/revoked_for_a_reason/)
})
