import type { RegisterBody } from './bodies.ts'
import { renewSession } from './client.ts'
import { login, logout, readMe, register, welcomeGuest } from './operations.ts'
import { isProblem } from './problem.ts'
import { forgetSession, sessionIsLikely } from './session-memory.ts'

/** How many of a guest's orders stayed behind, because the account has as many tickets as one person may. */
export type LeftBehind = number

/**
 * Sessions of the browser: the API sets HttpOnly cookies; these calls only begin and end them. A guest's session is renewed
 * before it signs in or up: it is the proof by which what they hold and bought comes along.
 */
export async function signIn(email: string, password: string): Promise<LeftBehind> {
  if (sessionIsLikely()) await renewSession()
  const { adopted } = await login({ email, password })
  return adopted?.left_booking_ids.length ?? 0
}

export async function signUp(body: RegisterBody): Promise<LeftBehind> {
  if (sessionIsLikely()) await renewSession()
  const { adopted } = await register(body)
  return adopted?.left_booking_ids.length ?? 0
}

/** Ends the session; one that had ended already is as good. */
export async function signOut(): Promise<void> {
  await logout().catch(() => undefined)
  forgetSession()
}

/**
 * Runs what needs an owner (a hold): as who is signed in, else as a guest made on the spot. `has_session`: the server
 * saw a session when it rendered the page; the browser's mark of it may be gone, and then it is asked for before a guest
 * takes its place. A session that turns out to have ended is replaced by a guest's, once.
 */
export async function asSomeone<T>(act: () => Promise<T>, has_session: boolean): Promise<T> {
  if (!sessionIsLikely()) await (has_session ? knownOrGuest() : welcomeGuest())
  try {
    return await act()
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error
    await welcomeGuest()
    return act()
  }
}

async function knownOrGuest(): Promise<void> {
  try {
    await readMe()
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error
    await welcomeGuest()
  }
}
