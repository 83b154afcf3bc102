import { expect, test } from 'vitest'
import { folderCircles } from './folder-circles.ts'

const edge = (from: string, to: string) => ({ from, to })

test('sibling folders that import each other by different files are a circle', () => {
  const circle = [edge('web/order/a.ts', 'web/checkout/b.ts'), edge('web/checkout/deep/c.ts', 'web/order/d.ts')]
  expect(folderCircles([...circle, edge('web/order/a.ts', 'web/ui/e.ts')])).toEqual(circle)
})

test('a circle through a third folder is found', () => {
  const circle = [edge('x/a/1.ts', 'x/b/1.ts'), edge('x/b/2.ts', 'x/c/2.ts'), edge('x/c/3.ts', 'x/a/3.ts')]
  expect(folderCircles(circle)).toEqual(circle)
})

test('a folder that imports a file beside it, which imports the folder, is a circle', () => {
  const circle = [edge('x/settle.ts', 'x/refunds/reserve.ts'), edge('x/refunds/deep/begin.ts', 'x/settle.ts')]
  expect(folderCircles([...circle, edge('x/refunds/begin.ts', 'x/payment.ts')])).toEqual(circle)
})

test('a circle of a folder through two files beside it is found', () => {
  const circle = [edge('x/1.ts', 'x/inner/2.ts'), edge('x/inner/3.ts', 'x/4.ts'), edge('x/4.ts', 'x/1.ts')]
  expect(folderCircles(circle)).toEqual(circle)
})

test('one direction, and a folder with its own subfolder, are no circle', () => {
  expect(folderCircles([edge('x/a/1.ts', 'x/b/1.ts'), edge('x/a/2.ts', 'x/b/2.ts')])).toEqual([])
  expect(folderCircles([edge('x/1.ts', 'x/inner/2.ts'), edge('x/inner/3.ts', 'x/4.ts')])).toEqual([])
})
