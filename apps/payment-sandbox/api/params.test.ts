import { expect, test } from 'vitest'
import { decodeForm, Params } from './params.ts'

const params = (text: string): Params => new Params(decodeForm(text))

test('reads nested names, lists by index and lists by append', () => {
  const read = params('a=1&m[k]=v+w&m[k2]=%C3%A9&l[0]=x&l[1]=y&n[]=p&n[]=q&e=')
  expect(read.text('a')).toBe('1')
  expect(read.metadata('m')).toEqual({ k: 'v w', k2: 'é' })
  expect([read.texts('l'), read.texts('n'), read.texts('none')]).toEqual([['x', 'y'], ['p', 'q'], []])
  expect(read.text('e')).toBe('')
  expect(() => read.close()).not.toThrow()
})

test('a name cannot reach the prototype', () => {
  const metadata = params('metadata[__proto__]=x&metadata[constructor]=y').metadata('metadata')
  expect(Object.entries(metadata)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
  expect(({} as Record<string, unknown>)['x']).toBeUndefined()
})

test('refuses what nobody reads, wherever it stands, and too many parameters', () => {
  for (const text of ['b=1', 'a[b]=1', 'metadata[a][b]=1', 'line_items[0][price]=1']) {
    const read = params(text)
    read.text('a')
    read.metadata('metadata')
    expect(() => read.close(), text).toThrow('Received unknown parameter')
  }
  expect(() => decodeForm('a=1&'.repeat(1001))).toThrow('Too many')
})
