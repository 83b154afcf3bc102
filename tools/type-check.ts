import { dirname, join } from 'node:path'
import type { Verdict } from './check.ts'
import { linesOf, program } from './program.ts'
import { root } from './tree.ts'

/** Both worlds: what Node runs, and what the browser gets. */
const PROJECTS = ['tsconfig.json', 'apps/web/tsconfig.json']

export async function checkTypes(): Promise<Verdict> {
  const complaints: string[] = []
  for (const project of PROJECTS) {
    const { code, output } = await program('tsc', [
      '-p',
      project,
      '--noEmit',
      // What was checked before is remembered, so that a second look takes a tenth of the first.
      '--incremental',
      '--tsBuildInfoFile',
      join(root, 'node_modules/.cache/types', `${dirname(project)}.tsbuildinfo`),
      '--pretty',
      'false',
    ])
    if (code !== 0) complaints.push(...linesOf(output))
  }
  return { complaints, looked_at: PROJECTS.join(', ') }
}
