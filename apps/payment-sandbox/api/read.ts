import { KINDS, type Kind, type ObjectOf } from '../objects.ts'
import { badParameter, missing } from '../refusal.ts'
import type { Query } from '../store.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'

export type List = { object: 'list'; data: object[]; has_more: boolean; url: string }
/** More conditions of a list, over the columns of `objects` (`store.ts`). */
export type Filter = Pick<Query, 'where' | 'values'>

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100
const DEPTH_MAX = 4
const POSITION = '(select seq from objects where id = ?)'
const BOUNDS = [
  ['created', '='],
  ['created[gt]', '>'],
  ['created[gte]', '>='],
  ['created[lt]', '<'],
  ['created[lte]', '<='],
] as const

/** Fields that name another object by its id, and the one list that Stripe shows only when asked. */
const EXPANDABLE: ReadonlySet<string> = new Set([
  'balance_transaction',
  'charge',
  'failure_balance_transaction',
  'latest_charge',
  'payment_intent',
  'refunds',
  'source',
])

/** The object that the path names; 404 for none. */
export function named<K extends Kind>(tx: Tx, kind: K, id: string): ObjectOf<K> {
  const object = tx.store.get(kind, id)
  if (object === undefined) throw missing(KINDS[kind].replaceAll(/[._]/g, ' '), id, 'id', 404)
  return object
}

/**
 * One page, newest first, by Stripe's rules: `starting_after` goes on to what is older; `ending_before` gives those
 * just newer than the cursor, so that a poller who passes the newest id it knows misses nothing.
 */
export function page(tx: Tx, kind: Kind, params: Params, filter: Filter): List {
  const limit = params.whole('limit', 1, LIMIT_MAX) ?? LIMIT_DEFAULT
  const where = [...filter.where]
  const values = [...filter.values]
  for (const [name, operator] of BOUNDS) {
    const second = params.whole(name, 0, Number.MAX_SAFE_INTEGER)
    if (second !== undefined) {
      where.push(`created ${operator} ?`)
      values.push(second)
    }
  }
  const after = cursor(tx, kind, params, 'starting_after')
  const before = cursor(tx, kind, params, 'ending_before')
  params.close()
  if (after !== undefined && before !== undefined) {
    const message = 'You may only specify one of these parameters: starting_after, ending_before.'
    throw badParameter('ending_before', 'parameters_exclusive', message)
  }
  if (after !== undefined) where.push(`seq < ${POSITION}`)
  if (before !== undefined) where.push(`seq > ${POSITION}`)
  const from = after ?? before
  if (from !== undefined) values.push(from)
  const oldest_first = before !== undefined
  const found = tx.store.list({ kind, where, values, limit: limit + 1, oldest_first })
  const data = found.slice(0, limit)
  if (oldest_first) data.reverse()
  return { object: 'list', data, has_more: found.length > limit, url: `/v1/${kind.replace('_s', '/s')}` }
}

function cursor(tx: Tx, kind: Kind, params: Params, name: 'starting_after' | 'ending_before'): string | undefined {
  const id = params.text(name)
  if (id === undefined || tx.store.get(kind, id) !== undefined) return id
  throw badParameter(name, 'resource_missing', `No such object: '${id}'`)
}

/**
 * The body with the named references swapped for the objects they name: `latest_charge.balance_transaction`, for lists
 * `data.charge`. Shares everything else with the original and changes none of it.
 */
export function expand(tx: Tx, body: object, paths: readonly string[]): object {
  return paths.reduce<object>((expanded, path) => {
    const segments = path.split('.')
    if (segments.length <= DEPTH_MAX) return follow(tx, expanded, segments, path)
    const message = `You cannot expand more than ${DEPTH_MAX} levels of a property (${path}).`
    throw badParameter('expand', 'parameter_invalid_string', message)
  }, body)
}

function follow(tx: Tx, object: object, [name, ...rest]: string[], path: string): object {
  if (name === undefined) return object
  const fields = new Map<string, unknown>(Object.entries(object))
  if (name === 'data' && fields.get('object') === 'list') {
    const data = fields.get('data')
    return { ...object, data: Array.isArray(data) ? data.map((each: object) => follow(tx, each, rest, path)) : data }
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
