/**
 * Reading an untrusted document field by field, with every complaint pointing at its place. Nothing here recurses into
 * what it does not know, so depth cannot hurt; every list has a limit that is checked before its items are read.
 */
import { isBlank, textError } from '../plain-text.ts'
import { type ChartError, chartLimits } from './chart.ts'

/** A place in the document. Kept as a chain, so that a pointer is spelt out only when somebody complains. */
export type At = { up: At | null; key: string | number }

export type Fields = Readonly<Record<string, unknown>>

export type Report = { errors: ChartError[]; isFull: () => boolean; add: (at: At | null, detail: string) => void }

export function newReport(): Report {
  const errors: ChartError[] = []
  const isFull = () => errors.length >= chartLimits.errors
  return {
    errors,
    isFull,
    add: (at, detail) => {
      if (!isFull()) errors.push({ pointer: pointerOf(at), detail })
    },
  }
}

export function pointerOf(at: At | null): string {
  let pointer = ''
  for (let place = at; place !== null; place = place.up) {
    pointer = `/${String(place.key).replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`
  }
  return pointer
}

export function below(up: At | null, key: string | number): At {
  return { up, key }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object at `at`, or undefined with a complaint. */
export function readFields(report: Report, at: At | null, value: unknown): Fields | undefined {
  if (isFields(value)) return value
  report.add(at, `must be an object, not ${kindOf(value)}`)
  return undefined
}

/** The list at `key`; absent or null reads as empty unless `required`. Stops at `max` items with a complaint. */
export function readList(
  report: Report,
  at: At | null,
  from: Fields,
  key: string,
  max: number,
  required = false,
): readonly unknown[] {
  const value = own(from, key)
  if (value === undefined || value === null) {
    if (required) report.add(below(at, key), 'is missing; it must be a list')
    return []
  }
  if (!Array.isArray(value)) {
    report.add(below(at, key), `must be a list, not ${kindOf(value)}`)
    return []
  }
  if (value.length > max) {
    report.add(below(at, key), `has ${value.length} items; at most ${max} are allowed`)
    return []
  }
  return value
}

type TextRule = { max: number; required?: boolean; filled?: boolean }

/** Text that can be stored, printed and shown as it is (`textError`). Absent and null read as ''. */
export function readText(report: Report, at: At | null, from: Fields, key: string, rule: TextRule): string {
  const value = own(from, key)
  if (value === undefined || value === null) {
    if (rule.required || rule.filled) report.add(below(at, key), 'is missing; it must be text')
    return ''
  }
  if (typeof value !== 'string') {
    report.add(below(at, key), `must be text, not ${kindOf(value)}`)
    return ''
  }
  if (value.length > rule.max) {
    report.add(below(at, key), `is ${value.length} characters long; at most ${rule.max} are allowed`)
    return ''
  }
  if (rule.filled && isBlank(value)) {
    report.add(below(at, key), 'must not be empty')
    return ''
  }
  // Line breaks and tabs occur in real charts' texts.
  const error = textError(value, { lines: true })
  if (error !== null) {
    report.add(below(at, key), error)
    return ''
  }
  return value
}

type NumberRule = { min: number; max: number; above?: boolean; whole?: boolean }

const coordinateRule: NumberRule = { min: -chartLimits.coordinate, max: chartLimits.coordinate }

/** A finite number within the rule; absent and null read as `absent`, or are a complaint where that is undefined. */
export function readNumber(
  report: Report,
  at: At | null,
  from: Fields,
  key: string,
  rule: NumberRule = coordinateRule,
  absent?: number,
): number {
  const value = own(from, key)
  if (value === undefined || value === null) {
    if (absent !== undefined) return absent
    report.add(below(at, key), 'is missing; it must be a number')
    return 0
  }
  if (typeof value !== 'number') {
    report.add(below(at, key), `must be a number, not ${kindOf(value)}`)
  } else if (!Number.isFinite(value)) {
    report.add(below(at, key), 'must be a finite number')
  } else if (value < rule.min || value > rule.max || (rule.above && value === rule.min)) {
    report.add(below(at, key), `must lie ${rule.above ? 'above' : 'between'} ${rule.min} and ${rule.max}`)
  } else if (rule.whole && !Number.isInteger(value)) {
    report.add(below(at, key), 'must be a whole number')
  } else {
    return value
  }
  return 0
}

/** A length above zero. */
export function readExtent(report: Report, at: At | null, from: Fields, key: string, absent?: number): number {
  return readNumber(report, at, from, key, { min: 0, max: 2 * chartLimits.coordinate, above: true }, absent)
}

export function readFlag(report: Report, at: At | null, from: Fields, key: string): boolean {
  const value = own(from, key)
  if (value === undefined || value === null || value === false) return false
  if (value !== true) report.add(below(at, key), `must be true or false, not ${kindOf(value)}`)
  return value === true
}

/** The own property of that name: a document's "__proto__" or "constructor" means nothing to us. */
export function own(from: Fields, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined
}

export function isHexColor(value: string): boolean {
  return /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
