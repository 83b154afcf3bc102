import 'server-only'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import type { User } from './bodies.ts'
import type { Call } from './client.ts'
import { readMe } from './operations.ts'
import { isProblem } from './problem.ts'

const FORWARDED = ['cookie', 'x-tessera-visitor', 'user-agent', 'traceparent'] as const

/** What a call of the API made while rendering must carry, so that it counts as the visitor's own. */
export async function asVisitor(): Promise<Call> {
  const incoming = await headers()
  const forwarded: Record<string, string> = {}
  for (const name of FORWARDED) {
    const value = incoming.get(name)
    if (value) forwarded[name] = value
  }
  return { headers: forwarded }
}

/**
 * Who is looking, or null. One call a page; none for people without a session. An access token that has just run out
 * reads as null here: the browser renews it (see `SessionGate`), since only it can take the new cookie.
 */
export const currentUser = cache(async (): Promise<User | null> => {
  if (!(await hasSession())) return null
  try {
    return await readMe(await asVisitor())
  } catch (error) {
    if (isProblem(error)) return null
    throw error
  }
})

/** Whether the browser sent an access token: a hint that saves a call, not a proof. */
async function hasSession(): Promise<boolean> {
  const sent = await cookies()
  return sent.has('__Host-tessera_access') || sent.has('tessera_access')
}

/** The one origin as the browser sees it, for links that leave the page (previews, JSON-LD, calendars). */
export async function siteOrigin(): Promise<string> {
  if (process.env.TESSERA_PUBLIC_ORIGIN) return process.env.TESSERA_PUBLIC_ORIGIN
  const incoming = await headers()
  const host = incoming.get('x-forwarded-host') ?? incoming.get('host') ?? 'localhost:3000'
  const scheme = incoming.get('x-forwarded-proto') ?? 'http'
  return `${scheme}://${host}`
}
