import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const WEB = join(import.meta.dirname, '..')

/** Calls of API operations in a server file that carry no visitor: they would count against the web process itself. */
function callsWithoutVisitor(text: string): string[] {
  const imported = /import \{([^}]*)\} from '[^']*operations\.ts'/.exec(text)?.[1] ?? ''
  const names = imported
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[a-z]\w*$/.test(name))
  return names.flatMap((name) =>
    [...text.matchAll(new RegExp(`(?<!\\w)${name}\\(`, 'g'))]
      .map(({ index }) => text.slice(index, endOfCall(text, index + name.length)))
      .filter((call) => !/asVisitor\(\)\)?\)$|\b(?:visitor|call)\b,?\s*\)$/.test(call)),
  )
}

function endOfCall(text: string, opening: number): number {
  let depth = 0
  for (let at = opening; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return at + 1
  }
  return text.length
}

test('every call of the API while rendering counts as the visitor’s own', () => {
  const files = globSync(['app/**/*.{ts,tsx}', 'api/*.ts'], { cwd: WEB })
    .map((path) => ({ path, text: readFileSync(join(WEB, path), 'utf8') }))
    .filter(
      ({ path, text }) =>
        !path.endsWith('.test.ts') &&
        !text.startsWith("'use client'") &&
        (path.startsWith('app') || text.includes('visitor.ts')),
    )
  expect(files.length).toBeGreaterThan(20)
  const without = files.flatMap(({ path, text }) => callsWithoutVisitor(text).map((call) => `${path}: ${call}`))
  expect(without).toEqual([])
})

test('a call without a pass is noticed', () => {
  const text = (call: string): string => `import { getEvent } from '../api/operations.ts'\nconst event = await ${call}`
  expect(callsWithoutVisitor(text('getEvent(id)'))).toEqual(['getEvent(id)'])
  expect(callsWithoutVisitor(text('getEvent(id, await asVisitor())'))).toEqual([])
  expect(callsWithoutVisitor(text('getEvent(id, visitor)'))).toEqual([])
})
