import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Shelf } from './shelf.ts'

const id = fc.integer({ min: 0, max: 30 }).map((n) => `x_${n}`)
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), id }),
  fc.record({ kind: fc.constant('remove' as const), id }),
)

test('a shelf behaves like a plain list, from every place in both directions', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const shelf = new Shelf<{ id: string }>()
      let list: string[] = []
      for (const { kind, id } of steps) {
        if (kind === 'put' && !list.includes(id)) list.push(id)
        if (kind === 'put') shelf.put({ id })
        if (kind === 'remove') list = list.filter((each) => each !== id)
        if (kind === 'remove') shelf.remove(id)
      }
      const ids = (walk: Iterable<{ id: string }>): string[] => [...walk].map((each) => each.id)
      expect(ids(shelf.oldestFirst())).toEqual(list)
      expect(ids(shelf.newestFirst())).toEqual([...list].reverse())
      for (const [index, from] of list.entries()) {
        expect(ids(shelf.oldestFirst(from))).toEqual(list.slice(index + 1))
        expect(ids(shelf.newestFirst(from))).toEqual(list.slice(0, index).reverse())
      }
    }),
  )
})

test('a queue that runs for ever keeps only what is in it', () => {
  const shelf = new Shelf<{ id: string }>()
  for (let n = 0; n < 50_000; n += 1) {
    shelf.put({ id: `x_${n}` })
    if (n >= 10) shelf.remove(`x_${n - 10}`)
  }
  expect([...shelf.oldestFirst()].map((each) => each.id)).toEqual(
    Array.from({ length: 10 }, (_, n) => `x_${49_990 + n}`),
  )
})
