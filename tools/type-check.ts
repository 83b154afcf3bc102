import type { Verdict } from './check.ts'
import { linesOf, program } from './program.ts'

/** Both worlds: what Node runs, and what the browser gets. */
const PROJECTS = ['tsconfig.json', 'apps/web/tsconfig.json']

export async function checkTypes(): Promise<Verdict> {
  const complaints: string[] = []
  for (const project of PROJECTS) {
    const { code, output } = await program('tsc', [
      '-p',
      project,
      '--noEmit',
      '--incremental',
      'false',
      '--pretty',
      'false',
    ])
    if (code !== 0) complaints.push(...linesOf(output))
  }
  return { complaints, looked_at: PROJECTS.join(', ') }
}
