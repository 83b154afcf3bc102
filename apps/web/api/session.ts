import type { RegisterBody, SessionBody } from '@tessera/contracts/http/identity'
import { request } from './client.ts'
import { isProblem } from './problem.ts'
import { forgetSession, sessionIsLikely } from './session-memory.ts'

/** Sessions of the browser: the API sets HttpOnly cookies; these calls only begin and end them. */
export function signIn(email: string, password: string): Promise<SessionBody> {
  return request('/auth/login', { method: 'POST', body: { email, password } })
}

export function signUp(body: RegisterBody): Promise<SessionBody> {
  return request('/auth/register', { method: 'POST', body })
}

/** Ends the session; one that had ended already is as good. */
export async function signOut(): Promise<void> {
  await request('/auth/logout', { method: 'POST', body: {} }).catch(() => undefined)
  forgetSession()
}

/**
 * Runs what needs an owner (a hold): as who is signed in, else as a guest made on the spot. A session that turns out to
 * have ended is replaced by a guest's, once.
 */
export async function asSomeone<T>(act: () => Promise<T>): Promise<T> {
  if (!sessionIsLikely()) await knownOrGuest()
  try {
    return await act()
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error
    await becomeGuest()
    return act()
  }
}

/** The mark of a session may be gone while its cookie lives: ask before a guest takes its place. */
async function knownOrGuest(): Promise<void> {
  try {
    await request('/users/me')
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error
    await becomeGuest()
  }
}

function becomeGuest(): Promise<SessionBody> {
  return request('/auth/guest', { method: 'POST', body: {} })
}
