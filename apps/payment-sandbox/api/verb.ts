import type { StripeErrorBody } from '../refusal.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'

/** One request to one endpoint: `id` is the object in the path ('' without one). */
export type Call = { tx: Tx; id: string; params: Params }
/** A refused payment is an outcome, not an exception: it has changed the intent. */
export type Reply = { kind: 'ok'; body: object } | { kind: 'declined'; error: StripeErrorBody }
export type Verb = (call: Call) => Reply
