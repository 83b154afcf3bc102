import { badParameter, Refusal } from '../refusal.ts'

const TEXT_MAX = 5000
const METADATA_KEYS_MAX = 50
const METADATA_KEY_MAX = 40
const METADATA_VALUE_MAX = 500

/**
 * Reads the parameters of one request and refuses in Stripe's words. What nobody asked for is refused by `close()`
 * as an unknown parameter, so that a misspelt name is noticed here and not in production.
 */
export class Params {
  readonly #form: URLSearchParams
  readonly #read = new Set<string>()

  constructor(form: URLSearchParams) {
    this.#form = form
  }

  text(name: string, max = TEXT_MAX): string | undefined {
    this.#read.add(name)
    const value = this.#form.get(name) ?? undefined
    if (value === undefined || value.length <= max) return value
    const message = `Invalid string: must be at most ${max} characters`
    throw badParameter(name, 'parameter_invalid_string_too_long', message)
  }

  /** The parameter must be there and not be empty. */
  need(name: string): string {
    const value = this.text(name)
    return value === undefined || value === '' ? absent(name) : value
  }

  whole(name: string, min: number, max: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^-?\d{1,16}$/.test(text) && value >= min && value <= max) return value
    const message = `Invalid integer: ${text}. It must be from ${min} to ${max}.`
    throw badParameter(name, 'parameter_invalid_integer', message)
  }

  needWhole(name: string, min: number, max: number): number {
    return this.whole(name, min, max) ?? absent(name)
  }

  flag(name: string): boolean | undefined {
    const text = this.choice(name, ['true', 'false'])
    return text === undefined ? undefined : text === 'true'
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name)
    const choice = choices.find((each) => each === text)
    if (text === undefined || choice !== undefined) return choice
    const message = `Invalid ${name}: must be one of ${choices.join(', ')}`
    throw new Refusal(400, { type: 'invalid_request_error', param: name, message })
  }

  /** An absolute http(s) address, at most 2,048 characters. */
  url(name: string): string | undefined {
    const text = this.text(name, 2048)
    if (text === undefined || /^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text
    throw badParameter(name, 'url_invalid', 'Not a valid URL')
  }

  /** The values of a list: `name[]=a&name[]=b` or `name[0]=a&name[1]=b`. */
  texts(name: string): string[] {
    return this.keys(name).flatMap((key) => {
      this.#read.add(`${name}[${key}]`)
      return this.#form.getAll(`${name}[${key}]`)
    })
  }

  /** The keys of a group or a list: a and b of `name[a]=…&name[b][c]=…`. */
  keys(name: string): string[] {
    const begin = `${name}[`
    const inside = [...this.#form.keys()].filter((each) => each.startsWith(begin))
    return [...new Set(inside.map((each) => each.slice(begin.length, each.indexOf(']', begin.length))))]
  }

  /** The old metadata with the given keys set, keys given as '' removed; an empty `metadata` clears it whole. */
  metadata(old: Readonly<Record<string, string>>, name = 'metadata'): Record<string, string> {
    if (this.text(name) === '') return {}
    const merged = new Map(Object.entries(old))
    for (const key of this.keys(name)) {
      const value = this.text(`${name}[${key}]`, METADATA_VALUE_MAX)
      if (value === '') merged.delete(key)
      else if (value !== undefined) merged.set(key, value)
    }
    if (merged.size <= METADATA_KEYS_MAX && [...merged.keys()].every((key) => key.length <= METADATA_KEY_MAX)) {
      return Object.fromEntries(merged)
    }
    const rule = `Metadata can have up to ${METADATA_KEYS_MAX} keys of ${METADATA_KEY_MAX} characters.`
    throw badParameter(name, 'parameter_invalid_object', rule)
  }

  /** Accepted and without effect here, with everything in them. */
  ignore(...names: readonly string[]): void {
    for (const each of this.#form.keys()) {
      if (names.some((name) => each === name || each.startsWith(`${name}[`))) this.#read.add(each)
    }
  }

  close(): void {
    const unknown = [...this.#form.keys()].find((name) => !this.#read.has(name))
    if (unknown === undefined) return
    throw badParameter(unknown, 'parameter_unknown', `Received unknown parameter: ${unknown}`)
  }
}

function absent(param: string): never {
  throw badParameter(param, 'parameter_missing', `Missing required param: ${param}.`)
}
