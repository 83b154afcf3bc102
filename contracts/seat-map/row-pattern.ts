/** Ids and numbers in a row are nearly always a pattern ("Stalls-F-" + 1, 2, 3 …); stored as such they cost nothing. */

/** first, step · or the texts themselves. */
export type NumberPattern = readonly [number, number] | readonly string[]

/** prefix, "" = prefix + seat number + suffix · or prefix and the rest of each. */
export type IdPattern = { prefix: string; suffix: string } | { prefix: string; rest: readonly string[] }

export function numberPattern(numbers: readonly string[]): NumberPattern {
  const values = numbers.map((text) => (/^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Number.NaN))
  const first = values[0] ?? Number.NaN
  const step = values.length > 1 ? (values[1] ?? Number.NaN) - first : 1
  return values.every((value, n) => value === first + n * step) ? [first, step] : numbers
}

export function numbersOf(pattern: NumberPattern, count: number): string[] {
  const [first, step] = pattern
  if (typeof first !== 'number' || typeof step !== 'number') return pattern.map(String)
  return Array.from({ length: count }, (_, n) => String(first + n * step))
}

export function idPattern(ids: readonly string[], numbers: readonly string[]): IdPattern {
  const id = ids[0] ?? ''
  const number = numbers[0] ?? ''
  const at = number === '' ? -1 : id.lastIndexOf(number)
  if (at !== -1) {
    const prefix = id.slice(0, at)
    const suffix = id.slice(at + number.length)
    if (ids.every((other, n) => other === prefix + (numbers[n] ?? '') + suffix)) return { prefix, suffix }
  }
  const prefix = ids.length > 1 ? sharedPrefix(ids) : ''
  return { prefix, rest: ids.map((other) => other.slice(prefix.length)) }
}

export function idsOf(pattern: IdPattern, numbers: readonly string[]): string[] {
  if ('rest' in pattern) return pattern.rest.map((rest) => pattern.prefix + rest)
  return numbers.map((number) => pattern.prefix + number + pattern.suffix)
}

function sharedPrefix(texts: readonly string[]): string {
  const first = texts[0] ?? ''
  let length = first.length
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1
  // Half of a surrogate pair is no text; JSON would carry it as an escape, so leave such a cut to the rest.
  return first.slice(0, length).isWellFormed() ? first.slice(0, length) : first.slice(0, length - 1)
}
