import 'server-only'
import type { User } from './bodies.ts'
import type { Call } from './client.ts'
import { isProblem } from './problem.ts'
import { asVisitor, currentUser } from './visitor.ts'

/** What a page of a session found: its thing, or who asked for it in vain (null: nobody whom the server knows). */
export type Seen<T> = { kind: 'seen'; value: T } | { kind: 'refused'; user: User | null }

/** Reads as the visitor. What they may not see, or what does not exist, is an answer and no failure. */
export async function seen<T>(read: (visitor: Call) => Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'seen', value: await read(await asVisitor()) }
  } catch (error) {
    if (!isProblem(error, 'unauthenticated', 'forbidden', 'not-found', 'malformed-request')) throw error
    return { kind: 'refused', user: isProblem(error, 'unauthenticated') ? null : await currentUser() }
  }
}
