import { money } from '@tessera/contracts/money'
import { type Db, loadSql } from '#platform/db'
import type { Log } from '#platform/telemetry'
import type { Provider, ProviderRefund, Reply } from '../provider/provider.ts'
import type { Providers } from '../provider/registry.ts'
import { type Refund, refundById } from '../refund-row.ts'
import { applyRefund, failRefund } from './apply-refund.ts'

type Deps = { db: Db; providers: Providers; log: Log }

const sql = loadSql(import.meta.url, ['next_round', 'postpone'])

/** `busy`: the provider gave no clear answer, so whoever sends many should slow down. */
export type Sent = { refund: Refund; busy: boolean }

/**
 * Asks the provider for a refund that was reserved, or how it stands, and records the answer. Safe to repeat at any time; a
 * repeat first looks whether the refund is there, because a provider forgets its keys after a day. A refusal ends a refund
 * that somebody asked for; one that we owe (a late payment, a cancellation) stays reserved and is asked for again later.
 * While the bank decides on a dispute nothing is asked: a disputed charge cannot be refunded. Resolves to the refund as it
 * is now.
 */
export async function sendRefund(deps: Deps, refund_id: string, repeated = false): Promise<Refund> {
  return (await trySend(deps, refund_id, repeated)).refund
}

/** `sendRefund`; `busy` when the provider gave no clear answer, so that the caller should pause. */
export async function trySend(deps: Deps, refund_id: string, repeated: boolean): Promise<Sent> {
  const refund = await mustFind(deps, refund_id)
  if (refund.status !== 'pending') return { refund, busy: false }
  if (refund.in_dispute && refund.provider_ref === null) {
    await deps.db.none(sql.postpone, { id: refund_id })
    return { refund, busy: false }
  }
  const reply = await ask(deps.providers.of(refund), refund, repeated)
  switch (reply.kind) {
    case 'ok':
      await applyRefund(deps, refund, reply.value)
      break
    case 'refused':
      deps.log.warn({ refund_id, code: reply.code }, 'the provider refused a refund')
      if (refund.reason === 'requested') await failRefund(deps, refund, reply.message, null)
      else await deps.db.none(sql.next_round, { id: refund_id, error: reply.message })
      break
    case 'unsent':
    case 'unknown':
      break
  }
  return { refund: await mustFind(deps, refund_id), busy: reply.kind === 'unsent' || reply.kind === 'unknown' }
}

async function ask(provider: Provider, refund: Refund, repeated: boolean): Promise<Reply<ProviderRefund>> {
  if (refund.provider_ref !== null) return provider.fetchRefund(refund.provider_ref)
  if (refund.intent_ref === null) throw new Error(`${refund.id} is a refund of a payment without an intent`)
  return provider.createRefund({
    refund_id: refund.id,
    round: refund.round,
    intent_ref: refund.intent_ref,
    amount: money(refund.amount, refund.currency),
    look_first: repeated,
    not: refund.earlier_refs,
  })
}

async function mustFind(deps: Deps, refund_id: string): Promise<Refund> {
  const refund = await refundById(deps.db, refund_id)
  if (refund === undefined) throw new Error(`There is no refund ${refund_id}`)
  return refund
}
