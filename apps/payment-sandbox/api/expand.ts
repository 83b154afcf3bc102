import { badParameter } from '../refusal.ts'
import { find } from '../state.ts'
import type { Tx } from '../transaction.ts'
import { shelfOf } from './list.ts'

const DEPTH_MAX = 4

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

/**
 * The body with the named references swapped for the objects they name: `latest_charge.balance_transaction`, for lists
 * `data.charge`. Shares everything else with the original and changes none of it.
 */
export function expand(tx: Tx, body: object, paths: readonly string[]): object {
  return paths.reduce<object>((expanded, path) => {
    const segments = path.split('.')
    if (segments.length > DEPTH_MAX) {
      throw badParameter(
        'expand',
        'parameter_invalid_string',
        `You cannot expand more than ${DEPTH_MAX} levels of a property (${path}).`,
      )
    }
    return follow(tx, expanded, segments, path)
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
  const found = typeof value === 'string' ? lookUp(tx, value) : value
  return typeof found === 'object' && found !== null ? { ...object, [name]: follow(tx, found, rest, path) } : object
}

/** What this very request has made is not in the state yet. */
function lookUp(tx: Tx, id: string): object | undefined {
  const fresh = tx.changes.findLast((change) => change.id === id && !change.object.startsWith('tessera.'))
  return fresh ?? find(tx.state, id)
}

function refundsOf(tx: Tx, charge: ReadonlyMap<string, unknown>): object {
  const id = String(charge.get('id'))
  const parts = tx.state.backstage.get(String(charge.get('payment_intent')))?.parts ?? []
  const data = [...shelfOf(tx.state.refunds, parts).newestFirst()].filter((refund) => refund.charge === id)
  return { object: 'list', data, has_more: false, url: `/v1/charges/${id}/refunds` }
}
