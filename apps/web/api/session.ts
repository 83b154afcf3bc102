import { type Call, request } from './client.ts'
import { forgetSession } from './session-memory.ts'
import type { Session } from './types.ts'

/** Sessions of the browser: HttpOnly cookies set by the API; these calls only start, renew and end them. */
const DEVICE_KEY = 'tessera.device'

export async function signIn(email: string, password: string, call?: Call): Promise<Session> {
  const device_token = localStorage.getItem(DEVICE_KEY) ?? undefined
  const session = await request<Session & { device_token?: string }>('/auth/login', {
    ...call,
    method: 'POST',
    body: { email, password, ...(device_token && { device_token }) },
  })
  if (session.device_token) localStorage.setItem(DEVICE_KEY, session.device_token)
  return session
}

export function signUp(body: {
  email: string
  password: string
  first_name: string
  last_name: string
}): Promise<Session> {
  return request<Session>('/auth/register', { method: 'POST', body })
}

/** Ends the session; one that had ended already is as good. */
export async function signOut(): Promise<void> {
  await request('/auth/logout', { method: 'POST', body: {} }).catch(() => undefined)
  forgetSession()
}

/** Makes sure that a hold has an owner: who is signed in (or renewed), else a guest made on the spot. */
export async function ensureSession(): Promise<void> {
  try {
    await request('/users/me')
  } catch {
    await request<Session>('/auth/guest', { method: 'POST', body: {} })
  }
}

/** Asks for a new access token; false when there is no session to renew. */
export function renewSession(): Promise<boolean> {
  return request<Session>('/auth/refresh', { method: 'POST', body: {} }).then(
    () => true,
    () => false,
  )
}

/** A link by mail that opens the orders of that address. The answer is the same whether or not there are any. */
export function mailLink(email: string): Promise<void> {
  return request('/auth/link', { method: 'POST', body: { email } })
}
