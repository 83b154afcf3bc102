import {
  type AdoptedBookings,
  GuestBody,
  JwksBody,
  LoginBody,
  RefreshBody,
  RegisterBody,
  SessionBody,
} from '@tessera/contracts/http/identity'
import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import { type Answer, answer, type Call, type Http } from '#platform/http'
import { guestOf } from '../adopt-guest.ts'
import type { Deps } from '../deps.ts'
import { welcomeGuest } from '../guest.ts'
import { login } from '../login.ts'
import { logout } from '../logout.ts'
import { readProfile } from '../profile.ts'
import { refresh } from '../refresh.ts'
import { register } from '../register.ts'
import type { Client } from '../session.ts'
import {
  cameByCookie,
  deviceTokenOf,
  farewell,
  isBrowserSession,
  refreshTokenOf,
  sessionAnswer,
} from '../session-answer.ts'
import { publicKeys } from '../signing-keys.ts'

/** Shorter than the time that a new key is published before it signs (signing-keys.ts). */
const JWKS_CACHE_S = 300
const SATURATED_RETRY_S = 2

export function authRoutes(http: Http<Permission>, deps: Deps): void {
  registerRoute(http, deps)
  loginRoute(http, deps)
  guestRoute(http, deps)
  refreshRoute(http, deps)
  logoutRoute(http, deps)
  jwksRoute(http, deps)
}

function registerRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/auth/register',
      id: 'register',
      summary: 'Make an account and sign in',
      tag: 'Identity',
      access: 'public',
      body: RegisterBody,
      responses: { 201: SessionBody },
      problems: ['invalid-input', 'too-many-requests', 'unavailable', 'email-taken'],
    },
    async (call) => {
      const outcome = await register(deps, { ...call.body, guest_id: guestOf(call), client: clientOf(call) })
      switch (outcome.kind) {
        case 'registered':
          return grantWithBookings(deps, call, 201, outcome)
        case 'invalid-input':
          return problem('invalid-input', 'Look at the fields named below.', { errors: outcome.errors })
        case 'too-many-requests':
          return problem('too-many-requests', 'Too many accounts were made from here.', {}, outcome.retry_after_s)
        case 'unavailable':
          return problem('unavailable', 'Many people are signing in right now.', {}, SATURATED_RETRY_S)
        case 'email-taken':
          return problem('email-taken', 'Sign in with this address, or use another one.')
      }
    },
  )
}

function loginRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/auth/login',
      id: 'login',
      summary: 'Sign in with e-mail and password',
      tag: 'Identity',
      access: 'public',
      body: LoginBody,
      responses: { 200: SessionBody },
      problems: ['too-many-attempts', 'unavailable', 'wrong-credentials'],
    },
    async (call) => {
      const { email, password } = call.body
      const device_token = deviceTokenOf(deps, call, call.body.device_token)
      const outcome = await login(deps, {
        email,
        password,
        device_token,
        guest_id: guestOf(call),
        client: clientOf(call),
      })
      switch (outcome.kind) {
        case 'signed-in':
          return grantWithBookings(deps, call, 200, outcome)
        case 'too-many-attempts':
          return problem('too-many-attempts', 'Wait before you try again from here.', {}, outcome.retry_after_s)
        case 'unavailable':
          return problem('unavailable', 'Many people are signing in right now.', {}, SATURATED_RETRY_S)
        case 'wrong-credentials':
          return problem('wrong-credentials')
      }
    },
  )
}

function guestRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/auth/guest',
      id: 'welcomeGuest',
      summary: 'Begin a session without an account: a guest may hold and buy',
      tag: 'Identity',
      access: 'public',
      body: GuestBody,
      responses: { 201: SessionBody },
      problems: ['too-many-requests'],
    },
    async (call) => {
      const outcome = await welcomeGuest(deps, { client: clientOf(call) })
      switch (outcome.kind) {
        case 'welcomed':
          return grant(deps, call, 201, outcome)
        case 'too-many-requests':
          return problem('too-many-requests', 'Too many guests came from here.', {}, outcome.retry_after_s)
      }
    },
  )
}

function refreshRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/auth/refresh',
      id: 'refresh',
      summary: 'Exchange a refresh token for a new pair; the old one becomes invalid',
      tag: 'Identity',
      access: 'public',
      body: RefreshBody,
      responses: { 200: SessionBody },
      problems: ['malformed-request', 'unauthenticated'],
    },
    async (call) => {
      const refresh_token = refreshTokenOf(deps, call, call.body?.refresh_token)
      if (refresh_token === null) {
        if (isBrowserSession(call)) return problem('unauthenticated', 'There is no session to renew.')
        const errors = [{ pointer: '/refresh_token', detail: 'is missing' }]
        return problem('malformed-request', 'Send the refresh token.', { errors })
      }
      const outcome = await refresh(deps, { refresh_token })
      switch (outcome.kind) {
        case 'refreshed':
          return grant(deps, call, 200, outcome)
        case 'session-ended':
          return problem('unauthenticated', 'This session has ended. Sign in again.')
      }
    },
  )
}

function logoutRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'POST',
      url: '/api/v1/auth/logout',
      id: 'logout',
      summary: 'End the session of this access token, or of this refresh token',
      tag: 'Identity',
      // Public, because an expired access token must not prevent signing out.
      access: 'public',
      body: RefreshBody,
      responses: { 204: Type.Null() },
      problems: ['unauthenticated', 'csrf-token-missing'],
    },
    async (call) => {
      const refresh_token = refreshTokenOf(deps, call, call.body?.refresh_token)
      const session_id = call.principal?.session_id ?? null
      if (session_id === null && refresh_token === null) {
        return problem('unauthenticated', 'Send the access token or the refresh token of the session to end.')
      }
      if (session_id !== null && cameByCookie(call) && !isBrowserSession(call) && !csrfFits(deps, call, session_id)) {
        return problem('csrf-token-missing', 'Send the csrf_token of this session as X-CSRF-Token.')
      }
      await logout(deps, { session_id, refresh_token })
      return farewell(deps)
    },
  )
}

function jwksRoute(http: Http<Permission>, deps: Deps): void {
  http.route(
    {
      method: 'GET',
      url: '/.well-known/jwks.json',
      id: 'readKeys',
      summary: 'Public keys of access tokens (RFC 7517)',
      tag: 'Identity',
      access: 'public',
      responses: { 200: JwksBody },
    },
    async () => answer(200, { keys: await publicKeys(deps) }, { 'cache-control': `public, max-age=${JWKS_CACHE_S}` }),
  )
}

type Subject = {
  user_id: string
  session_id: string
  refresh_token: string
  device_token?: string
  adopted?: AdoptedBookings
}

/** The outcome, after adopting the guest's bookings if the session was a guest's. */
async function grantWithBookings(deps: Deps, call: Call, status: number, subject: Subject): Promise<Answer> {
  const guest_id = guestOf(call)
  if (guest_id === null) return grant(deps, call, status, subject)
  try {
    const { moved, left } = await deps.adoptBookings({ guest_id, user_id: subject.user_id })
    return grant(deps, call, status, { ...subject, adopted: { booking_ids: moved, left_booking_ids: left } })
  } catch (error) {
    // The account is signed in all the same: the consumer of the announced adoption completes it.
    deps.log.warn(
      { err: error, guest_id },
      'the bookings of a guest could not be adopted at once and will be adopted by event',
    )
    return grant(deps, call, status, subject)
  }
}

/** The answer for a session that has just begun or been refreshed. */
async function grant(deps: Deps, call: Call, status: number, subject: Subject): Promise<Answer> {
  const user = await readProfile(deps.db, subject.user_id)
  if (user === undefined) throw new Error(`The account ${subject.user_id} of a live session is gone`)
  const { user_id, session_id, refresh_token, device_token, adopted } = subject
  const access_token = await deps.access_tokens.issue({ user_id, session_id, roles: user.roles })
  return sessionAnswer(deps, call, status, {
    user,
    session_id,
    access_token,
    refresh_token,
    ...(device_token === undefined ? {} : { device_token }),
    ...(adopted === undefined ? {} : { adopted }),
  })
}

function clientOf(call: Call): Client {
  return { ip: call.ip, user_agent: call.headers['user-agent'] ?? null }
}

function csrfFits(deps: Deps, call: Call, session_id: string): boolean {
  const token = call.headers['x-csrf-token']
  return typeof token === 'string' && deps.secrets.tokenFits('csrf', session_id, token)
}
