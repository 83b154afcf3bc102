import { KINDS, type Kind, type ObjectOf } from '../objects.ts'
import { badParameter, missing } from '../refusal.ts'
import type { Condition } from '../store.ts'
import type { Tx } from '../transaction.ts'
import type { Params } from './params.ts'

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100
const DEPTH_MAX = 4
const EVENT_TYPES_MAX = 20
const BOUNDS = { created: '=', 'created[gt]': '>', 'created[gte]': '>=', 'created[lt]': '<', 'created[lte]': '<=' }

/** Fields that name another object by its id. */
const EXPANDABLE: ReadonlySet<string> = new Set(
  'balance_transaction charge failure_balance_transaction latest_charge payment_intent source'.split(' '),
)

/** The object that the path names; 404 for none. */
export function named<K extends Kind>(tx: Pick<Tx, 'store'>, kind: K, id: string): ObjectOf<K> {
  const object = tx.store.get(kind, id)
  if (object === undefined) throw missing(KINDS[kind], id, 'id', 404)
  return object
}

/** One page, newest first; `starting_after` goes on to what is older. `fields` are those that filter this kind. */
export function page(tx: Tx, kind: Kind, params: Params, fields: readonly string[]): object {
  const limit = params.whole('limit', 1, LIMIT_MAX) ?? LIMIT_DEFAULT
  const after = params.text('starting_after')
  const conditions = [
    ...(kind === 'events' ? eventConditions(params) : fieldConditions(params, fields)),
    ...Object.entries(BOUNDS).flatMap(([name, operator]) => {
      const second = params.whole(name, 0, Number.MAX_SAFE_INTEGER)
      return second === undefined ? [] : [{ sql: `created ${operator} ?`, values: [second] }]
    }),
  ]
  params.close()
  if (after !== undefined) {
    if (tx.store.get(kind, after) === undefined) throw missing('object', after, 'starting_after', 400)
    conditions.push({ sql: 'seq < (select seq from objects where id = ?)', values: [after] })
  }
  const found = tx.store.list(kind, limit + 1, conditions)
  const data = found.slice(0, limit)
  return { object: 'list', data, has_more: found.length > limit, url: `/v1/${kind.replace('_s', '/s')}` }
}

function fieldConditions(params: Params, fields: readonly string[]): Condition[] {
  return fields.flatMap((name) => {
    const value = params.text(name)
    const column = name === 'payment_intent' ? 'intent' : `body ->> '${name}'`
    return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value] }]
  })
}

/** `charge.*` means every type that begins with `charge.`. */
function eventConditions(params: Params): Condition[] {
  const type = params.text('type')
  const types = [...params.texts('types'), ...(type === undefined ? [] : [type])]
  if (types.length > EVENT_TYPES_MAX) throw badParameter('types', undefined, `At most ${EVENT_TYPES_MAX} types.`)
  const globs = types.map((each) => each.replaceAll(/[?[\]]/g, ''))
  const delivered = params.flag('delivery_success')
  return [
    ...(types.length === 0 ? [] : [{ sql: `(${types.map(() => 'type glob ?').join(' or ')})`, values: globs }]),
    ...(delivered === undefined ? [] : [{ sql: 'pending = ?', values: [delivered ? 0 : 1] }]),
  ]
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
  const value = new Map<string, unknown>(Object.entries(object)).get(name)
  if (name === 'data' && Array.isArray(value)) {
    return { ...object, data: value.map((each: object) => follow(tx, each, rest, path)) }
  }
  if (!EXPANDABLE.has(name) || value === undefined) {
    throw badParameter('expand', 'parameter_invalid_string', `This property cannot be expanded (${path}).`)
  }
  const found: unknown = typeof value === 'string' ? tx.store.get(null, value) : value
  return typeof found === 'object' && found !== null ? { ...object, [name]: follow(tx, found, rest, path) } : object
}
