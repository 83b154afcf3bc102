import { KINDS, type Kind, type ObjectOf } from '../objects.ts'
import { badParameter, missing } from '../refusal.ts'
import type { Condition } from '../store.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100
const DEPTH_MAX = 4
const BOUNDS = [
  ['created', '='],
  ['created[gt]', '>'],
  ['created[gte]', '>='],
  ['created[lt]', '<'],
  ['created[lte]', '<='],
] as const

/** Fields that name another object by its id, and the one list that Stripe shows only when asked. */
const EXPANDABLE: ReadonlySet<string> = new Set(
  'balance_transaction charge failure_balance_transaction latest_charge payment_intent refunds source'.split(' '),
)

/** The object that the path names; 404 for none. */
export function named<K extends Kind>(tx: Tx, kind: K, id: string): ObjectOf<K> {
  const object = tx.store.get(kind, id)
  if (object === undefined) throw missing(KINDS[kind], id, 'id', 404)
  return object
}

/**
 * One page, newest first, by Stripe's rules: `starting_after` goes on to what is older; `ending_before` gives those
 * just newer than the cursor, so that a poller who passes the newest id it knows misses nothing.
 */
export function page(tx: Tx, kind: Kind, params: Params, filter: readonly Condition[]): object {
  const limit = params.whole('limit', 1, LIMIT_MAX) ?? LIMIT_DEFAULT
  const after = params.text('starting_after')
  const before = params.text('ending_before')
  const bounds = BOUNDS.flatMap(([name, operator]) => {
    const second = params.whole(name, 0, Number.MAX_SAFE_INTEGER)
    return second === undefined ? [] : [{ sql: `created ${operator} ?`, values: [second] }]
  })
  params.close()
  if (after !== undefined && before !== undefined) {
    const message = 'You may only specify one of these parameters: starting_after, ending_before.'
    throw badParameter('ending_before', 'parameters_exclusive', message)
  }
  const conditions = [...filter, ...bounds]
  const cursor = after ?? before
  if (cursor !== undefined) {
    const param = after === undefined ? 'ending_before' : 'starting_after'
    if (tx.store.get(kind, cursor) === undefined) throw missing('object', cursor, param, 400)
    const side = after === undefined ? '>' : '<'
    conditions.push({ sql: `seq ${side} (select seq from objects where id = ?)`, values: [cursor] })
  }
  const oldest_first = before !== undefined
  const found = tx.store.list({ kind, conditions, limit: limit + 1, oldest_first })
  const data = found.slice(0, limit)
  if (oldest_first) data.reverse()
  return { object: 'list', data, has_more: found.length > limit, url: `/v1/${kind.replace('_s', '/s')}` }
}

/**
 * The body with the named references swapped for the objects they name: `latest_charge.balance_transaction`, for lists
 * `data.charge`. Shares everything else with the original and changes none of it.
 */
export function expand(tx: Tx, body: object, paths: readonly string[]): object {
  return paths.reduce((expanded, path) => follow(tx, expanded, path.split('.').slice(0, DEPTH_MAX), path), body)
}

function follow(tx: Tx, object: object, [name, ...rest]: string[], path: string): object {
  if (name === undefined) return object
  const fields = new Map<string, unknown>(Object.entries(object))
  const data = fields.get('data')
  if (name === 'data' && Array.isArray(data)) {
    return { ...object, data: data.map((each: object) => follow(tx, each, rest, path)) }
  }
  if (!EXPANDABLE.has(name) || (name !== 'refunds' && !fields.has(name))) {
    throw badParameter('expand', 'parameter_invalid_string', `This property cannot be expanded (${path}).`)
  }
  const value = name === 'refunds' ? refundsOf(tx, fields) : fields.get(name)
  const found: unknown = typeof value === 'string' ? tx.store.find(value) : value
  return typeof found === 'object' && found !== null ? { ...object, [name]: follow(tx, found, rest, path) } : object
}

function refundsOf(tx: Tx, charge: ReadonlyMap<string, unknown>): object {
  const id = String(charge.get('id'))
  const all = tx.store.of('refunds', String(charge.get('payment_intent')))
  const data = all.filter((refund) => refund.charge === id)
  return { object: 'list', data, has_more: false, url: `/v1/charges/${id}/refunds` }
}
