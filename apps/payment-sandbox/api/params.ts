import { badParameter, Refusal } from '../refusal.ts'
import type { Form } from './form.ts'

const TEXT_MAX = 5000
const METADATA_KEYS_MAX = 50
const METADATA_KEY_MAX = 40
const METADATA_VALUE_MAX = 500

export type Range = { gt?: number; gte?: number; lt?: number; lte?: number }

/**
 * Reads the parameters of one request and refuses in Stripe's words. What nobody asked for is refused by `close()`
 * as an unknown parameter, so that a misspelt name is noticed here and not in production.
 */
export class Params {
  readonly #form: Form
  readonly #read = new Set<string>()

  constructor(form: Form) {
    this.#form = form
  }

  text(name: string, max = TEXT_MAX): string | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') throw badParameter(name, 'parameter_invalid_string', `Invalid string: ${name}`)
    if (value.length > max) {
      throw badParameter(name, 'parameter_invalid_string_too_long', `Invalid string: must be at most ${max} characters`)
    }
    return value
  }

  need(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === '')
      throw badParameter(name, 'parameter_missing', `Missing required param: ${name}.`)
    return value
  }

  whole(name: string, min: number, max: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) {
      throw badParameter(name, 'parameter_invalid_integer', `Invalid integer: ${text}`)
    }
    if (value < min) {
      throw badParameter(name, 'parameter_invalid_integer', `This value must be greater than or equal to ${min}.`)
    }
    if (value > max)
      throw badParameter(name, 'parameter_invalid_integer', `This value must be less than or equal to ${max}.`)
    return value
  }

  flag(name: string): boolean | undefined {
    const text = this.choice(name, ['true', 'false'])
    return text === undefined ? undefined : text === 'true'
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const choice = choices.find((each) => each === text)
    if (choice === undefined) {
      throw new Refusal(400, {
        type: 'invalid_request_error',
        param: name,
        message: `Invalid ${name}: must be one of ${choices.join(', ')}`,
      })
    }
    return choice
  }

  texts(name: string): string[] {
    const value = this.#take(name)
    if (value === undefined || value === '') return []
    if (typeof value === 'string') throw badParameter(name, 'parameter_invalid_array', 'Invalid array')
    return Object.values(value).map((each) => {
      if (typeof each !== 'string') throw badParameter(name, 'parameter_invalid_array', 'Invalid array')
      return each
    })
  }

  /** An absolute http(s) address, at most 2,048 characters. */
  url(name: string): string | undefined {
    const text = this.text(name, 2048)
    if (text === undefined) return undefined
    const url = URL.parse(text)
    if (url === null || !/^https?:$/.test(url.protocol)) throw badParameter(name, 'url_invalid', 'Not a valid URL')
    return text
  }

  range(name: string): Range {
    const value = this.#take(name)
    if (value === undefined) return {}
    if (typeof value === 'string') return { gte: second(name, value), lte: second(name, value) }
    const range: Range = {}
    for (const [bound, text] of Object.entries(value)) {
      if (bound !== 'gt' && bound !== 'gte' && bound !== 'lt' && bound !== 'lte') {
        throw badParameter(`${name}[${bound}]`, 'parameter_unknown', `Received unknown parameter: ${name}[${bound}]`)
      }
      range[bound] = second(`${name}[${bound}]`, text)
    }
    return range
  }

  /** The old metadata with the given keys set, keys given as '' removed; an empty `metadata` clears it whole. */
  metadata(old: Readonly<Record<string, string>>): Record<string, string> {
    const value = this.#take('metadata')
    if (value === undefined) return { ...old }
    if (value === '') return {}
    if (typeof value === 'string') throw badParameter('metadata', 'parameter_invalid_object', 'Invalid object')
    const merged = new Map(Object.entries(old))
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string' || key.length > METADATA_KEY_MAX || text.length > METADATA_VALUE_MAX) {
        const rule = `Metadata keys may have ${METADATA_KEY_MAX} characters and values ${METADATA_VALUE_MAX}.`
        throw badParameter(`metadata[${key}]`, 'parameter_invalid_string_too_long', rule)
      }
      if (text === '') merged.delete(key)
      else merged.set(key, text)
    }
    if (merged.size > METADATA_KEYS_MAX) {
      throw badParameter('metadata', 'parameter_invalid_object', `Metadata can have up to ${METADATA_KEYS_MAX} keys.`)
    }
    return Object.fromEntries(merged)
  }

  /** Accepted and without effect here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name)
  }

  group(name: string): Params {
    const value = this.#take(name)
    if (typeof value === 'string') throw badParameter(name, 'parameter_invalid_object', 'Invalid object')
    return new Params(value ?? {})
  }

  /** The groups of a list, in order. */
  groups(name: string): Params[] {
    const value = this.#take(name)
    if (value === undefined) return []
    const groups = typeof value === 'string' ? [value] : Object.values(value)
    return groups.map((each) => {
      if (typeof each === 'string') throw badParameter(name, 'parameter_invalid_array', 'Invalid array')
      return new Params(each)
    })
  }

  close(): void {
    const unknown = Object.keys(this.#form).find((name) => !this.#read.has(name))
    if (unknown !== undefined)
      throw badParameter(unknown, 'parameter_unknown', `Received unknown parameter: ${unknown}`)
  }

  #take(name: string): string | Form | undefined {
    this.#read.add(name)
    return this.#form[name]
  }
}

function second(param: string, text: string | Form): number {
  if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) {
    throw badParameter(param, 'parameter_invalid_integer', `Invalid timestamp: must be an integer Unix timestamp`)
  }
  return Number(text)
}
