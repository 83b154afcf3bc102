import { expect, test } from 'vitest'
import { LINES_MAX, nameComplaints, SANDBOX_LINES_MAX, sizeComplaints, textComplaints } from './file-rules.ts'

test.each([
  'contexts/booking/utils.ts',
  'platform/common/index.ts',
  'apps/server/user-manager/types.ts',
  'a/helper.ts',
])('%s is a drawer', (file) => {
  expect(nameComplaints(file).length).toBeGreaterThan(0)
})

test('what is named by what it holds is fine', () => {
  expect(nameComplaints('contexts/booking/hold.ts')).toEqual([])
  expect(nameComplaints('contexts/identity/sql/schema.md')).toEqual([])
})

test('each planted fault is found on its line', () => {
  const word = (...halves: string[]): string => halves.join('')
  const planted: [string, string][] = [
    [`// ${word('TO', 'DO')}: later`, 'is unfinished'],
    [`${word('test.on', 'ly')}('x', () => {})`, 'sets tests aside'],
    [`const path = '${word('/wo', 'rk/')}main'`, 'names a path of one machine'],
  ]
  for (const [line, words] of planted) {
    expect(textComplaints('contexts/booking/x.ts', `const fine = 1\n${line}\n`).join()).toContain(words)
  }
})

test('a file that only hands on is a barrel; one with something of its own is not', () => {
  const barrel = "/** All of it. */\nexport { hold } from './hold.ts'\nexport type * from './row.ts'\n"
  expect(textComplaints('contexts/booking/all.ts', barrel).join()).toContain('only a face')
  expect(textComplaints('contexts/booking/index.ts', barrel)).toEqual([])
  expect(textComplaints('contexts/booking/all.ts', `${barrel}export const more = 1\n`)).toEqual([])
})

test('a file has its longest length', () => {
  expect(textComplaints('a.ts', 'x\n'.repeat(LINES_MAX))).toEqual([])
  expect(textComplaints('a.ts', 'x\n'.repeat(LINES_MAX + 1))).toHaveLength(1)
})

test('the payment sandbox has its largest size: code and styles count, tests and other folders do not', () => {
  const folder = 'apps/payment-sandbox'
  const counted = [`${folder}/a.ts`, `${folder}/pages/pay.css`]
  const others = [`${folder}/a.test.ts`, `${folder}/README.md`, 'apps/server/a.ts']
  const half = 'x\n'.repeat(SANDBOX_LINES_MAX / 2)
  expect(sizeComplaints([...counted, ...others], () => half)).toEqual([])
  expect(sizeComplaints([...counted, ...others], (path) => (path.endsWith('.css') ? `${half}x\n` : half))).toEqual([
    `${folder} has ${SANDBOX_LINES_MAX + 1} lines without its tests, ${SANDBOX_LINES_MAX} is the most`,
  ])
})
