import type { IdentityEvents } from '@tessera/contracts/events/identity'
import { newId } from '@tessera/contracts/ids'
import { normaliseName } from '@tessera/contracts/person-name'
import type { FieldError } from '@tessera/contracts/problems'
import type { Passwords } from '#platform/auth'
import { publisher } from '#platform/bus'
import { type Db, loadSql } from '#platform/db'
import { sourcesOf } from '#platform/http'
import { announceAdoption } from './adopt-guest.ts'
import { normaliseEmail } from './email.ts'
import { passwordError } from './password-rule.ts'
import { takeQuota } from './quota.ts'
import { type Client, type OpenedSession, openSession, rememberDevice } from './session.ts'

type Deps = { db: Db; passwords: Passwords; source_quotas: boolean }

type RegisterInput = {
  email: string
  password: string
  first_name: string
  /** Absent for people with one name. */
  last_name?: string
  /** The guest session whose bookings are adopted. */
  guest_id: string | null
  client: Client
  as_of?: string
}

type RegisterOutcome =
  | ({ kind: 'registered'; user_id: string; device_token: string } & OpenedSession)
  | { kind: 'invalid-input'; errors: FieldError[] }
  | { kind: 'too-many-requests'; retry_after_s: number }
  | { kind: 'unavailable' }
  | { kind: 'email-taken' }

/**
 * The additional cost of the answer “taken” in a source's quota: thirty in ten minutes use it up, so that a list of
 * addresses cannot be probed. Legitimate users see one or two.
 */
const TAKEN_COST = 19

const sql = loadSql(import.meta.url, ['insert_user', 'insert_credentials'])
const publish = publisher<IdentityEvents>()

/**
 * Creates an account and signs it in. The password is hashed before the address is looked up, so that the answer takes
 * as long for a taken one.
 */
export async function register(deps: Deps, input: RegisterInput): Promise<RegisterOutcome> {
  const as_of = input.as_of ?? null
  const person = await personOf(input)
  if (person.kind === 'invalid-input') return person
  const sources = sourcesOf(input.client.ip)
  if (deps.source_quotas) {
    const wait_s = await takeQuota(deps.db, { sources, action: 'register', as_of })
    if (wait_s !== null) return { kind: 'too-many-requests', retry_after_s: wait_s }
  }
  const password_hash = await deps.passwords.hash(input.password, sources)
  if (password_hash === null) return { kind: 'unavailable' }
  if (!deps.source_quotas) return makeAccount(deps, person, password_hash, input)
  // Reserved before the answer: requests that passed the first check together learn no more than the quota allows.
  const wait_s = await takeQuota(deps.db, { sources, action: 'register', as_of, cost: TAKEN_COST })
  const outcome: RegisterOutcome =
    wait_s === null
      ? await makeAccount(deps, person, password_hash, input)
      : { kind: 'too-many-requests', retry_after_s: wait_s }
  if (outcome.kind !== 'email-taken')
    await takeQuota(deps.db, { sources, action: 'register', as_of, cost: -TAKEN_COST })
  return outcome
}

function makeAccount(
  deps: Deps,
  person: Person & { kind: 'person' },
  password_hash: string,
  input: RegisterInput,
): Promise<RegisterOutcome> {
  const as_of = input.as_of ?? null
  const user_id = newId('usr')
  return deps.db.transaction(async (tx): Promise<RegisterOutcome> => {
    const { email, first_name, last_name } = person
    const made = await tx.maybe(sql.insert_user, { user_id, email, first_name, last_name })
    if (made === undefined) return { kind: 'email-taken' }
    await tx.none(sql.insert_credentials, { user_id, password_hash })
    const session = await openSession(tx, { user_id, client: input.client, as_of })
    const device_token = await rememberDevice(tx, { user_id, known_token: null, as_of })
    await publish(tx, 'identity.user_registered', user_id, { user_id, guest: false })
    await announceAdoption(tx, input.guest_id, user_id)
    return { kind: 'registered', user_id, device_token, ...session }
  })
}

type Person =
  | { kind: 'person'; email: string; first_name: string; last_name: string }
  | { kind: 'invalid-input'; errors: FieldError[] }

/** All errors at once, so that a form can show each at its field. */
async function personOf(input: RegisterInput): Promise<Person> {
  const errors: FieldError[] = []
  const email = normaliseEmail(input.email)
  const first_name = normaliseName(input.first_name)
  const last_name = normaliseName(input.last_name ?? '')
  const password_error = await passwordError(input.password)
  if (email === undefined) errors.push({ pointer: '/email', detail: 'is not an e-mail address' })
  if (password_error !== null) errors.push({ pointer: '/password', detail: password_error })
  if (first_name === undefined) errors.push({ pointer: '/first_name', detail: 'holds characters that no name has' })
  if (first_name === '') errors.push({ pointer: '/first_name', detail: 'must not be blank' })
  if (last_name === undefined) errors.push({ pointer: '/last_name', detail: 'holds characters that no name has' })
  if (email === undefined || first_name === undefined || last_name === undefined || errors.length > 0) {
    return { kind: 'invalid-input', errors }
  }
  return { kind: 'person', email, first_name, last_name }
}
