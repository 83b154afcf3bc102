import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../tree.ts'
import { contextFiles } from './template.ts'

/** Where the composition root names its contexts: file, the line before which the new one goes, and the new line. */
const ENTRIES = [
  ['apps/server/contexts.ts', "export type ContextName = keyof ContextRpc | 'realtime'", null],
  ['apps/server/contexts.ts', '  realtime: null\n', (name: string) => `  ${name}: null\n`],
  [
    'apps/server/contexts.ts',
    '  realtime: async () =>',
    (name: string) => `  ${name}: async () => (await import('../../contexts/${name}/index.ts')).${name},\n`,
  ],
  ['apps/server/config.ts', '    realtime: null,\n', (name: string) => `    ${name}: null,\n`],
] as const

/**
 * Makes a context in the tree at `folder` and enters it in the composition root. Returns the files that it wrote. Throws
 * when the name is no lower-case word or is taken.
 */
export function newContext(folder: string, name: string): string[] {
  if (!/^[a-z]{2,30}$/.test(name)) throw new Error(`"${name}" is not a name for a context: one word of a-z`)
  if (existsSync(join(folder, 'contexts', name))) throw new Error(`There is a context ${name} already`)
  const made = contextFiles(name)
  for (const [path, text] of made) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { flag: 'wx' })
  }
  for (const [path, anchor, line] of ENTRIES) enter(join(folder, path), anchor, line, name)
  return [...made.keys(), ...new Set(ENTRIES.map(([path]) => path))]
}

function enter(file: string, anchor: string, line: ((name: string) => string) | null, name: string): void {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(anchor)) throw new Error(`${file} has no line "${anchor.trim()}" any more`)
  writeFileSync(file, text.replace(anchor, line === null ? `${anchor} | '${name}'` : `${line(name)}${anchor}`))
}

if (import.meta.main) {
  const files = newContext(root, process.argv[2] ?? '')
  process.stdout.write(
    `${files.join('\n')}\nNow: npm run format, npm run generate, npm test -- contexts/${process.argv[2]}\n`,
  )
}
