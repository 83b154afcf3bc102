import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeForm } from './form.ts'

const plain = (text: string): unknown => JSON.parse(JSON.stringify(decodeForm(text)))

test('reads nested groups, lists by index and lists by append', () => {
  expect(plain('a=1&m[k]=v+w&m[k2]=%C3%A9&l[0]=x&l[1]=y&n[]=p&n[]=q&e=')).toEqual({
    a: '1',
    m: { k: 'v w', k2: 'é' },
    l: { 0: 'x', 1: 'y' },
    n: { 0: 'p', 1: 'q' },
    e: '',
  })
})

test('a name cannot reach the prototype', () => {
  const form = decodeForm('__proto__[polluted]=1&constructor[prototype][polluted]=1')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(Object.keys(form)).toEqual(['__proto__', 'constructor'])
})

test('refuses what would make it work too hard or guess', () => {
  expect(() => decodeForm('a[b][c][d][e][f][g]=1')).toThrow(RangeError)
  expect(() => decodeForm('a=1&'.repeat(1001))).toThrow(RangeError)
  expect(() => decodeForm('a=1&a[b]=2')).toThrow(RangeError)
  expect(() => decodeForm('a=%E0%A4%A')).toThrow(RangeError)
})

test('any text is decoded or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        decodeForm(text)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})
