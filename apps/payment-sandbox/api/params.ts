import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badParameter, Refusal } from '../refusal.ts'

const PAIRS_MAX = 1000
const TEXT_MAX = 5000
const METADATA_VALUE_MAX = 500

/** Lets the routes of this scope take `application/x-www-form-urlencoded`: their body is `URLSearchParams`. */
export function acceptForms(app: FastifyInstance): void {
  const decode = async (_request: FastifyRequest, body: string): Promise<URLSearchParams> => decodeForm(body)
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, decode)
}

/** Nesting stays in the names: `metadata[a]`, `expand[0]`, `expand[]`. Refused beyond 1,000 pairs. */
export function decodeForm(text: string): URLSearchParams {
  const form = new URLSearchParams(text)
  if (form.size <= PAIRS_MAX) return form
  throw new Refusal(400, { type: 'invalid_request_error', message: 'Too many parameters.' })
}

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
    throw badParameter(name, 'parameter_invalid_string_too_long', `Invalid string: at most ${max} characters`)
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
    throw badParameter(name, 'parameter_invalid_integer', `Invalid integer: ${text}. From ${min} to ${max}.`)
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
    throw badParameter(name, undefined, `Invalid ${name}: must be one of ${choices.join(', ')}`)
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

  /** The texts of a group by their keys; those that are empty count as absent. */
  metadata(name: string): Record<string, string> {
    const pairs = this.keys(name).map((key) => [key, this.text(`${name}[${key}]`, METADATA_VALUE_MAX) ?? ''] as const)
    return Object.fromEntries(pairs.filter(([, value]) => value !== ''))
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
