import type { ApiObject } from '../objects.ts'
import { missing } from '../refusal.ts'
import type { Shelf } from '../shelf.ts'
import type { State } from '../state.ts'
import { page, shelfOf } from './list.ts'
import type { Params } from './params.ts'
import type { Call, Reply } from './serve.ts'

export function list({ tx, params }: Call): Reply {
  const shelf = ofIntent(tx.state, tx.state.charges, params.text('payment_intent'))
  return { kind: 'ok', body: page(shelf, params, '/v1/charges', () => true) }
}

export function retrieve({ tx, id, params }: Call): Reply {
  return one(tx.state.charges, 'charge', id, params)
}

export function listDisputes({ tx, params }: Call): Reply {
  const charge = params.text('charge')
  const shelf = ofIntent(tx.state, tx.state.disputes, params.text('payment_intent') ?? intentOf(tx.state, charge))
  const body = page(shelf, params, '/v1/disputes', (dispute) => charge === undefined || dispute.charge === charge)
  return { kind: 'ok', body }
}

export function retrieveDispute({ tx, id, params }: Call): Reply {
  return one(tx.state.disputes, 'dispute', id, params)
}

export function listBalanceTransactions({ tx, params }: Call): Reply {
  const source = params.text('source')
  const type = params.text('type')
  const currency = params.text('currency')
  const body = page(
    tx.state.transactions,
    params,
    '/v1/balance_transactions',
    (each) =>
      (source === undefined || each.source === source) &&
      (type === undefined || each.type === type) &&
      (currency === undefined || each.currency === currency.toLowerCase()),
  )
  return { kind: 'ok', body }
}

export function retrieveBalanceTransaction({ tx, id, params }: Call): Reply {
  return one(tx.state.transactions, 'balance transaction', id, params)
}

export function one<T extends ApiObject>(shelf: Shelf<T>, what: string, id: string, params: Params): Reply {
  params.close()
  const object = shelf.get(id)
  if (object === undefined) throw missing(what, id, 'id', 404)
  return { kind: 'ok', body: object }
}

/** All objects of a kind, or those of one intent (none of an unknown one). */
export function ofIntent<T extends ApiObject>(state: State, shelf: Shelf<T>, intent_id: string | undefined): Shelf<T> {
  return intent_id === undefined ? shelf : shelfOf(shelf, state.backstage.get(intent_id)?.parts ?? [])
}

/** The intent of a charge; '' (which no intent is called) for an unknown charge. */
export function intentOf(state: State, charge_id: string | undefined): string | undefined {
  return charge_id === undefined ? undefined : (state.charges.get(charge_id)?.payment_intent ?? '')
}
