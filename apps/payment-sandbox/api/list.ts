import type { ApiObject } from '../objects.ts'
import { badParameter } from '../refusal.ts'
import { Shelf } from '../shelf.ts'
import type { Params, Range } from './params.ts'

export type List<T> = { object: 'list'; data: T[]; has_more: boolean; url: string }

const LIMIT_DEFAULT = 10
const LIMIT_MAX = 100

/**
 * One page, newest first, by Stripe's rules: `starting_after` goes on to what is older; `ending_before` gives those
 * just newer than the cursor, so that a poller who passes the newest id it knows misses nothing.
 */
export function page<T extends ApiObject>(
  shelf: Shelf<T>,
  params: Params,
  url: string,
  matches: (object: T) => boolean,
): List<T> {
  const limit = params.whole('limit', 1, LIMIT_MAX) ?? LIMIT_DEFAULT
  const created = params.range('created')
  const after = cursor(shelf, params, 'starting_after')
  const before = cursor(shelf, params, 'ending_before')
  params.close()
  if (after !== undefined && before !== undefined) {
    throw badParameter(
      'ending_before',
      'parameters_exclusive',
      'You may only specify one of these parameters: starting_after, ending_before.',
    )
  }
  const walk = before === undefined ? shelf.newestFirst(after) : shelf.oldestFirst(before)
  const data: T[] = []
  let has_more = false
  for (const object of walk) {
    if (before === undefined && isOlderThan(object, created)) break
    if (!isWithin(object, created) || !matches(object)) continue
    has_more = data.length === limit
    if (has_more) break
    data.push(object)
  }
  return { object: 'list', data: before === undefined ? data : data.reverse(), has_more, url }
}

/** The few objects that belong to one intent, so that asking for them does not walk everything there is. */
export function shelfOf<T extends ApiObject>(shelf: Shelf<T>, ids: readonly string[]): Shelf<T> {
  const few = new Shelf<T>()
  for (const id of ids) {
    const object = shelf.get(id)
    if (object !== undefined) few.put(object)
  }
  return few
}

function cursor<T extends ApiObject>(
  shelf: Shelf<T>,
  params: Params,
  name: 'starting_after' | 'ending_before',
): string | undefined {
  const id = params.text(name)
  if (id === undefined || shelf.get(id) !== undefined) return id
  throw badParameter(name, 'resource_missing', `No such object: '${id}'`)
}

/** `created` never falls along the shelf: past the lower bound nothing else can match. */
function isOlderThan(object: ApiObject, range: Range): boolean {
  return (
    (range.gte !== undefined && object.created < range.gte) || (range.gt !== undefined && object.created <= range.gt)
  )
}

function isWithin({ created }: ApiObject, { gt, gte, lt, lte }: Range): boolean {
  return (
    (gt === undefined || created > gt) &&
    (gte === undefined || created >= gte) &&
    (lt === undefined || created < lt) &&
    (lte === undefined || created <= lte)
  )
}
