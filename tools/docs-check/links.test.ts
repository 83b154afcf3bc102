import { expect, test } from 'vitest'
import { linkComplaints } from './links.ts'
import { pageComplaints } from './problems.ts'

const exists = (path: string): boolean => ['docs/there.md', 'README.md'].includes(path)
const read = (): string => '# There\n\n## How a hold is decided\n'

test('a link that leads nowhere is found, whatever way it is written', () => {
  const text = '[gone](gone.md) <img src="gone.png"> [up](../gone.md#part)'
  expect(linkComplaints('docs/page.md', text, exists, read)).toEqual([
    'docs/page.md: gone.md leads nowhere',
    'docs/page.md: gone.png leads nowhere',
    'docs/page.md: ../gone.md#part leads nowhere',
  ])
})

test('a heading that is not there is found', () => {
  expect(linkComplaints('docs/page.md', '[x](there.md#why)', exists, read)).toEqual([
    'docs/page.md: docs/there.md has no heading #why',
  ])
})

test('good links, other sites and code are left alone', () => {
  const text =
    '[a](there.md#how-a-hold-is-decided) [b](../README.md) [c](https://example.org/x.md) `[d](gone.md)`\n```\n[e](gone.md)\n```'
  expect(linkComplaints('docs/page.md', text, exists, read)).toEqual([])
})

test('the page of a problem has its title and says something', () => {
  expect(pageComplaints('p.md', 'Seats not available', '# Seats not available\n\nIt went. Choose another.\n')).toEqual(
    [],
  )
  expect(pageComplaints('p.md', 'Seats not available', '# Taken\n\nIt went.\n')).toEqual([
    'p.md should begin with "# Seats not available"',
    'p.md says too little',
  ])
})
