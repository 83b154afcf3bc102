import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cruise } from './boundaries/check.ts'
import { textComplaints } from './file-rules.ts'
import { catalogueComplaints, languageFiles } from './messages-check/check.ts'
import { newContext } from './new-context/new-context.ts'
import { linesOf, program } from './program.ts'
import { files, root, textOf } from './tree.ts'

/** Compiles the whole product and reads all its imports. */
const TIMEOUT_MS = 600_000

const copy = mkdtempSync(join(tmpdir(), 'tessera-recipes-'))
const recipes = files('docs/recipes').filter((file) => !file.endsWith('README.md'))
const touched = new Set<string>()

type Block = { path: string; diff: boolean; text: string }

/** The fenced blocks of a page that name a file: `ts contexts/x/y.ts` is a new file, `diff contexts/x/y.ts` a change. */
function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm)].map(([, kind, path = '', text = '']) => ({
    path,
    diff: kind === 'diff',
    text,
  }))
}

function apply({ path, diff, text }: Block): void {
  const file = join(copy, path)
  touched.add(path)
  if (!diff) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx' })
    return
  }
  const lines = text.trimEnd().split('\n')
  const side = (sign: string): string =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n')
  const before = readFileSync(file, 'utf8')
  const parts = before.split(side('+'))
  if (parts.length !== 2) throw new Error(`${path}: the lines to change occur ${parts.length - 1} times`)
  writeFileSync(file, parts.join(side('-')))
}

/** The tree as it stands, with our packages linked to the copy. */
beforeAll(() => {
  for (const file of files()) cpSync(join(root, file), join(copy, file))
  const modules = join(copy, 'node_modules')
  mkdirSync(join(modules, '@tessera'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@tessera') symlinkSync(join(root, 'node_modules', name), join(modules, name))
  symlinkSync(join(copy, 'contracts'), join(modules, '@tessera/contracts'))
  symlinkSync(join(copy, 'apps/web'), join(modules, '@tessera/web'))
}, TIMEOUT_MS)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test(
  'a new context and every recipe together compile and keep the boundaries',
  async () => {
    expect(recipes.length).toBeGreaterThan(6)
    for (const file of newContext(copy, 'waitlist')) touched.add(file)
    for (const recipe of recipes) for (const block of blocksOf(textOf(recipe))) apply(block)
    for (const file of touched) expect(textComplaints(file, readFileSync(join(copy, file), 'utf8'))).toEqual([])

    const languages = languageFiles(copy)
    expect([...languages.keys()].sort()).toEqual(['de', 'en', 'fr'])
    expect(catalogueComplaints(languages)).toEqual([])

    const compile = async (project: string) =>
      linesOf((await program('tsc', ['-p', project, '--noEmit', '--pretty', 'false'], copy)).output)
    expect(await compile('tsconfig.json')).toEqual([])
    expect(await compile('apps/web/tsconfig.json')).toEqual([])
    const rooms = ['apps', 'contexts', 'platform', 'contracts', 'tests', 'bench', 'tools', 'bin']
    const { violations, seen } = await cruise(copy, rooms)
    expect(violations).toEqual([])
    for (const file of touched) if (file.endsWith('.ts')) expect(seen, file).toContain(file)

    // The control: the same compiler in the same copy sees a fault in what the recipes made.
    writeFileSync(join(copy, 'contexts/waitlist/fault.ts'), "export const fault: number = 'none'\n")
    const french = join(copy, 'contracts/messages/fr.json')
    writeFileSync(french, readFileSync(french, 'utf8').replace('"area": "Zone",', ''))
    const faults = (await compile('tsconfig.json')).join()
    expect(faults).toContain('contexts/waitlist/fault.ts')
    expect(faults).toContain('contracts/messages/languages.ts')
    expect(catalogueComplaints(languageFiles(copy))).toEqual(['contracts/messages/fr.json: ticket.area is missing'])
  },
  TIMEOUT_MS,
)

test('a context is made once, under a name that can be one', () => {
  expect(() => newContext(copy, 'booking')).toThrow('already')
  for (const name of ['', 'Two', 'two-words', '../up']) expect(() => newContext(copy, name)).toThrow('not a name')
})

test('every recipe names the files that it changes', () => {
  for (const recipe of recipes) expect(blocksOf(textOf(recipe)).length, recipe).toBeGreaterThan(0)
})
