import fc from 'fast-check'
import type { Operation, Schema } from './openapi.ts'

/** One hostile or honest request. `raw` goes out as it is; `body` as JSON. */
export type FuzzRequest = {
  path: string
  headers: Record<string, string>
  body: unknown
  raw: Buffer | null
}

/** Ids that exist, by the name under which they are asked for. */
export type Known = (name: string) => readonly string[]

const STRANGE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202egnp.exe',
  '👩‍👩‍👧‍👦',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!',
  "'; drop table booking.bookings; --",
  '<script>alert(1)</script>',
  '{{7*7}}${7*7}',
  '../../../../etc/passwd',
  '%00%2e%2e%2f',
  '=cmd()',
  'null',
  'true',
  '-1',
  '1e400',
  '9223372036854775808',
  'x'.repeat(300),
  'x'.repeat(20_000),
] as const
const STRANGE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  -0,
  1e308,
  2 ** 53,
  -(2 ** 31) - 1,
  [],
  {},
  [[]],
  [null],
  { length: 1 },
  { toString: 1 },
  JSON.parse('{"__proto__":{"admin":true}}'),
  { constructor: { prototype: { admin: true } } },
]
const STRANGE_HEADERS: readonly Record<string, string>[] = [
  { authorization: 'Bearer ' },
  { authorization: `Bearer ${'x'.repeat(5_000)}` },
  { authorization: 'Basic b3JnYW5pemVyOng=' },
  { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSIsInJvbGVzIjpbImFkbWluIl19.' },
  { cookie: 'tessera_access=x; tessera_access=y; =; ;;;' },
  { cookie: `a=${'b'.repeat(6_000)}` },
  { 'if-none-match': '*' },
  { 'if-none-match': '"', 'if-match': 'W/"x", "' },
  { 'if-match': '*' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '99999999999999999999' },
  { traceparent: '00-00000000000000000000000000000000-0000000000000000-00' },
  { traceparent: 'zz' },
  { 'x-forwarded-for': "127.0.0.1, '; --", 'x-forwarded-host': 'evil.test', 'x-http-method-override': 'DELETE' },
  { 'x-session': 'cookie' },
  { 'x-csrf-token': 'guess' },
  { accept: 'application/vnd.tessera.seats' },
  { accept: 'text/html;q=0.1, */*;q=nan' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/merge-patch+json' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-encoding': 'gzip' },
  { expect: 'a miracle' },
  { range: 'bytes=0-18446744073709551615' },
  { 'accept-language': 'x'.repeat(3_000) },
  { 'idempotency-key': 'x'.repeat(300) },
  { 'idempotency-key': '"quoted"' },
  { 'stripe-signature': 't=1,v1=0' },
]
const STRANGE_QUERIES = [
  '?limit=0',
  '?limit=-1',
  '?limit=1e9',
  '?limit=1&limit=2',
  '?limit[]=1',
  '?cursor=%00',
  '?cursor=WzFd',
  '?cursor=W251bGxd',
  '?cursor=eyJhIjoxfQ',
  '?access=%F0%9F%8E%9F',
  '?__proto__[x]=1',
  '?constructor=1',
  '?sort=price;drop',
  '?date_from=9999-99-99',
  '?city=%25_%25',
  '?genre=%ff%fe',
  `?q=${'a'.repeat(4_000)}`,
  '?%',
  '?preview=maybe',
] as const
const RAW_BODIES: readonly (() => Buffer)[] = [
  () => Buffer.from(''),
  () => Buffer.from('{'),
  () => Buffer.from('{"a":1,"a":2}'),
  () => Buffer.from('{"__proto__":{"x":1}}'),
  () => Buffer.from('{"constructor":{"prototype":{"x":1}}}'),
  () => Buffer.from('NaN'),
  () => Buffer.from('{"a":1e400}'),
  () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  () => Buffer.from('\ufeff{}'),
  () => Buffer.from('['.repeat(100_000)),
  () => Buffer.from(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  () => Buffer.from(`[${'1,'.repeat(400_000)}1]`),
  () => Buffer.alloc(10 * 1_048_576, 0x20),
  () => Buffer.from(`{"a":"${'x'.repeat(10 * 1_048_576)}"}`),
]

/** Mostly what the document asks for, or one step beside it; sometimes something else altogether. */
export function requestsFor(operation: Operation, known: Known): fc.Arbitrary<FuzzRequest> {
  const body = operation.body === null ? fc.constant<unknown>(undefined) : bodyArbitrary(operation.body, known)
  return fc.record({
    path: pathArbitrary(operation, known),
    headers: fc.oneof(
      { weight: 5, arbitrary: fc.constant<Record<string, string>>({}) },
      { weight: 1, arbitrary: fc.constantFrom(...STRANGE_HEADERS) },
    ),
    body,
    raw:
      operation.method === 'GET'
        ? fc.constant<Buffer | null>(null)
        : fc.oneof(
            { weight: 14, arbitrary: fc.constant<Buffer | null>(null) },
            { weight: 1, arbitrary: fc.constantFrom(...RAW_BODIES).map((make): Buffer | null => make()) },
          ),
  })
}

function pathArbitrary({ path, parameters }: Operation, known: Known): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  const filled = fc
    .tuple(
      ...names.map((name) =>
        fc.oneof(
          { weight: 8, arbitrary: realOr(name, known, fc.string()) },
          { weight: 1, arbitrary: fc.constantFrom(...STRANGE_TEXTS) },
          { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
        ),
      ),
    )
    .map((values) =>
      names.reduce((text, name, n) => text.replace(`{${name}}`, encoded(String(values[n])) || '%20'), path),
    )
  const query = fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGE_QUERIES) },
    { weight: 4, arbitrary: queryArbitrary(parameters, known) },
  )
  return fc.tuple(filled, query).map(([address, search]) => address + search)
}

function queryArbitrary(parameters: Operation['parameters'], known: Known): fc.Arbitrary<string> {
  const queries = parameters.filter((parameter) => parameter.in === 'query')
  return fc
    .tuple(
      ...queries.map(({ name, schema }) =>
        fc.oneof(
          { weight: 2, arbitrary: fc.constant<string | null>(null) },
          {
            weight: 3,
            arbitrary: valid(schema, known, name).map((value): string | null => `${name}=${encoded(String(value))}`),
          },
          {
            weight: 1,
            arbitrary: fc.constantFrom(...STRANGE_TEXTS).map((text): string | null => `${name}=${encoded(text)}`),
          },
        ),
      ),
    )
    .map((parts) => {
      const given = parts.filter((part) => part !== null)
      return given.length === 0 ? '' : `?${given.join('&')}`
    })
}

/** A lone surrogate has no address: it goes as the bytes that some clients make of it. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}

function bodyArbitrary(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const good = valid(schema, known, '')
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 6, arbitrary: fc.tuple(good, fc.nat(), fc.nat()).map(([value, where, how]) => bent(value, where, how)) },
    { weight: 1, arbitrary: fc.constantFrom(...STRANGE_VALUES) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  )
}

/** A value as the schema has it, with real ids where there are some. */
function valid(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => valid(one, known, name)))
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(
        ([member, inner]) => [member, valid(inner, known, member)] as const,
      )
      return fc.record(Object.fromEntries(members), {
        requiredKeys: (schema.required ?? []) as never[],
        noNullPrototype: true,
      })
    }
    case 'array': {
      const { minItems = 0, maxItems = 20 } = schema
      const item = valid(schema.items ?? {}, known, name.replace(/s$/, ''))
      const most = Math.max(minItems, Math.min(maxItems, 5))
      return schema.uniqueItems === true
        ? fc.uniqueArray(item, { minLength: minItems, maxLength: most, selector: (value) => JSON.stringify(value) })
        : fc.array(item, { minLength: minItems, maxLength: most })
    }
    case 'string':
      return text(schema, known, name)
    case 'integer':
      return whole(schema)
    case 'number':
      return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -200, max: 200 }))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function text(
  { pattern, format, minLength = 0, maxLength = 60 }: Schema,
  known: Known,
  name: string,
): fc.Arbitrary<string> {
  if (format === 'date-time') {
    return fc.oneof(
      fc
        .date({ min: new Date('2026-01-01'), max: new Date('2032-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      fc.constantFrom(
        '2099-12-31T23:59:60Z',
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59+23:59',
        '2028-02-29T24:00:00Z',
      ),
    )
  }
  if (format === 'date') return fc.constantFrom('2027-01-01', '2028-02-29', '0001-01-01', '9999-12-31')
  const length = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, 60)) }
  const any = fc.oneof(
    fc.string({ ...length, unit: 'grapheme' }),
    fc.constantFrom(
      ...STRANGE_TEXTS.filter((one) => one.length >= minLength && one.length <= maxLength && one !== ''),
      'x'.repeat(Math.min(maxLength, 20_000)),
    ),
  )
  if (pattern === undefined) return realOr(name, known, any)
  const fitting = new RegExp(pattern)
  // Made by the pattern, not looked for: of a pattern for addresses no random text is one.
  const made = fc.stringMatching(fitting).map((one) => one.slice(0, maxLength))
  return realOr(name, known, made)
}

function whole({ minimum = -(2 ** 53) + 1, maximum = 2 ** 53 - 1 }: Schema): fc.Arbitrary<number> {
  const small = { min: Math.max(minimum, -3), max: Math.max(minimum, Math.min(maximum, 12)) }
  return fc.oneof(fc.integer(small), fc.constantFrom(minimum, maximum), fc.integer({ min: minimum, max: maximum }))
}

/** Chosen when it is asked for: what exists grows while the requests run. */
function realOr(name: string, known: Known, other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(), fc.integer({ min: 0, max: 9 }), other).map(([which, chance, made]) => {
    const real = known(name)
    return chance < 8 && real.length > 0 ? (real[which % real.length] ?? made) : made
  })
}

/** One thing about the value made wrong: a member gone, another added, a type swapped, a bound overstepped. */
function bent(value: unknown, where: number, how: number): unknown {
  if (typeof value !== 'object' || value === null) return STRANGE_VALUES[how % STRANGE_VALUES.length]
  const names = Object.keys(value)
  const name = names[where % Math.max(names.length, 1)]
  const copy = structuredClone(value) as Record<string, unknown>
  if (how % 5 === 0 || name === undefined)
    return { ...copy, [`extra_${where % 7}`]: STRANGE_VALUES[how % STRANGE_VALUES.length] }
  if (how % 5 === 1) delete copy[name]
  else if (how % 5 === 2) copy[name] = STRANGE_TEXTS[where % STRANGE_TEXTS.length]
  else if (how % 5 === 3) copy[name] = STRANGE_VALUES[where % STRANGE_VALUES.length]
  else copy[name] = bent(copy[name], where >> 3, how >> 3)
  return copy
}
