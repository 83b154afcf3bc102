import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../check.ts'
import { root, textOf } from '../tree.ts'
import { generatedPages } from './pages.ts'

/** What is committed must be what would be generated now. */
export async function checkGenerated(): Promise<Verdict> {
  const pages = await generatedPages()
  const complaints: string[] = []
  for (const [path, text] of pages) {
    if (!existsSync(join(root, path))) complaints.push(`${path} is missing; run \`npm run generate\``)
    else complaints.push(...differences(path, textOf(path), text))
  }
  return { complaints, looked_at: `${pages.size} pages` }
}

/** The first line that differs says what has moved. */
function differences(path: string, committed: string, generated: string): string[] {
  if (committed === generated) return []
  const [was, is] = [committed.split('\n'), generated.split('\n')]
  const at = is.findIndex((line, n) => line !== was[n])
  const line = at < 0 ? is.length : at
  return [
    `${path}:${line + 1} is not today’s; run \`npm run generate\``,
    `  - ${was[line] ?? ''}`,
    `  + ${is[line] ?? ''}`,
  ]
}
