import type { Verdict } from './check.ts'
import { program } from './program.ts'
import { files } from './tree.ts'

/** The part of knip's JSON report that is read here: for each file, findings by kind. */
type Report = { issues: readonly Record<string, unknown>[] }

/** Files, exports and dependencies that nobody uses, and dependencies that nobody declared. */
export async function checkDeadCode(): Promise<Verdict> {
  const { code, output } = await program('knip', ['--reporter', 'json', '--no-progress', '--no-config-hints'])
  const start = output.indexOf('{"issues"')
  if (start < 0) return { complaints: [output], looked_at: 'nothing' }
  const report = JSON.parse(output.slice(start)) as Report
  const complaints = report.issues.flatMap(complaintsOf)
  if (code !== 0 && complaints.length === 0) complaints.push(`knip ended with exit code ${code}`)
  return { complaints, looked_at: `${files().filter((file) => /\.(tsx?|mjs)$/.test(file)).length} files` }
}

function complaintsOf(issue: Record<string, unknown>): string[] {
  const file = String(issue.file)
  return Object.entries(issue).flatMap(([kind, found]) =>
    Array.isArray(found) && kind !== 'owners' ? found.map((one: unknown) => `${file}: ${kind}: ${nameOf(one)}`) : [],
  )
}

function nameOf(found: unknown): string {
  if (Array.isArray(found)) return found.map(nameOf).join(' = ')
  return typeof found === 'object' && found !== null && 'name' in found ? String(found.name) : String(found)
}
