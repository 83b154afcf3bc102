import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '#platform/auth'
import type { Refusal } from './refusal.ts'

/** The result of a handler: a body for a status of its schema, bytes, or a refusal. */
export type Answer = {
  kind: 'answer'
  status: number
  body: unknown
  headers?: Readonly<Record<string, string | string[]>>
}

/** The handler has written to the socket itself (a stream). */
export const HIJACKED = { kind: 'hijacked' } as const
export type Hijacked = typeof HIJACKED

export type Outcome = Answer | Refusal | Hijacked | { kind: 'idempotency-mismatch' }

/** `answer(201, booking)`; a Buffer body is sent as it is, with the headers given. */
export function answer(status: number, body: unknown, headers?: Readonly<Record<string, string | string[]>>): Answer {
  return { kind: 'answer', status, body, ...(headers === undefined ? {} : { headers }) }
}

/** The scope of an idempotency key: one principal, one operation. */
export type Idempotency = { owner: string; operation: string; key: string; body_hash: string }

/**
 * One request as its handler receives it: verified, validated, typed. `Who` and `Key` follow from the route: one that
 * is not public has a principal, and one that requires a key has one.
 */
export type Call<
  Params = unknown,
  Query = unknown,
  Body = unknown,
  Who extends Principal | null = Principal | null,
  Key extends Idempotency | null = Idempotency | null,
> = {
  params: Params
  query: Query
  body: Body
  /** On a public route only with a valid token. */
  principal: Who
  idempotency: Key
  request_id: string
  /** The client's address. */
  ip: string
  headers: IncomingMessage['headers']
  /** For streams only. */
  raw: { request: IncomingMessage; response: ServerResponse }
}
