import type { Verdict } from './check.ts'
import { linesOf, program } from './program.ts'

const OPTIONS = [
  'check',
  '--formatter-enabled=true',
  '--linter-enabled=false',
  '--assist-enabled=true',
  '--enforce-assist=true',
  '--max-diagnostics=none',
  '--colors=off',
]

/** Formatting and the order of imports. */
export async function checkFormat(): Promise<Verdict> {
  const { code, output } = await program('biome', [...OPTIONS, '.'])
  const looked_at = /Checked (\d+) files/.exec(output)?.[1] ?? '0'
  if (code === 0 && looked_at !== '0') return { complaints: [], looked_at: `${looked_at} files` }
  const headings = linesOf(output).filter((line) => line.includes('━━'))
  const complaints = headings.length > 0 ? headings.map((line) => line.replace(/━+/, '')) : linesOf(output)
  return { complaints: [...complaints, '`npm run format` mends both.'], looked_at: `${looked_at} files` }
}

if (import.meta.main) {
  const { code, output } = await program('biome', [...OPTIONS, '--write', '.'])
  process.stdout.write(output)
  process.exitCode = code
}
