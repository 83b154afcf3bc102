/** A decoded body or query: every leaf is text, arrays are objects with the keys 0, 1, 2 … */
export type Form = { [name: string]: string | Form }

const PAIRS_MAX = 1000
const DEPTH_MAX = 6

export function emptyForm(): Form {
  return Object.create(null)
}

/**
 * Decodes `application/x-www-form-urlencoded` with Stripe's nesting: `a[b]=1`, `a[]=1&a[]=2`, `a[0]=1`.
 * Throws a RangeError beyond 1,000 pairs or six levels, and on a name that is a value and a group at once.
 */
export function decodeForm(text: string): Form {
  const form = emptyForm()
  if (text === '') return form
  const pairs = text.split('&')
  if (pairs.length > PAIRS_MAX) throw new RangeError('Too many parameters')
  for (const pair of pairs) {
    if (pair === '') continue
    const cut = pair.indexOf('=')
    const name = decode(cut < 0 ? pair : pair.slice(0, cut))
    place(form, segmentsOf(name), cut < 0 ? '' : decode(pair.slice(cut + 1)))
  }
  return form
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw new RangeError('Malformed percent-encoding')
  }
}

function segmentsOf(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0) return [name]
  const rest = name.slice(open)
  if (!/^(?:\[[^[\]]*\])+$/.test(rest)) return [name]
  return [name.slice(0, open), ...rest.slice(1, -1).split('][')]
}

function place(form: Form, segments: string[], value: string): void {
  if (segments.length > DEPTH_MAX) throw new RangeError('Parameters are nested too deeply')
  let at = form
  for (const segment of segments.slice(0, -1)) {
    const name = segment === '' ? String(Object.keys(at).length) : segment
    const next = at[name] ?? emptyForm()
    if (typeof next === 'string') throw new RangeError(`Parameter ${segments[0]} is both a value and a group`)
    at[name] = next
    at = next
  }
  const last = segments.at(-1) ?? ''
  const name = last === '' ? String(Object.keys(at).length) : last
  if (typeof at[name] === 'object') throw new RangeError(`Parameter ${segments[0]} is both a value and a group`)
  at[name] = value
}
