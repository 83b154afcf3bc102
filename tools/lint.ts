import type { Verdict } from './check.ts'
import { program } from './program.ts'

/** The part of oxlint's JSON report that is read here. */
type Report = {
  number_of_files: number
  diagnostics: readonly {
    code?: string
    message: string
    filename: string
    labels: readonly { span: { line: number } }[]
  }[]
}

/** oxlint with the rules that know types. */
export async function checkLint(): Promise<Verdict> {
  return lint(['--type-aware', '--ignore-pattern=tools/lint-fixtures', '.'])
}

export async function lint(args: readonly string[]): Promise<Verdict> {
  const { code, output } = await program('oxlint', ['--format=json', ...args])
  const report = JSON.parse(output.slice(output.indexOf('{'))) as Report
  const complaints = report.diagnostics.map((one) => {
    const line = one.labels[0]?.span.line
    return `${one.filename}${line === undefined ? '' : `:${line}`} ${one.message} ${one.code ?? ''}`.trim()
  })
  if (report.number_of_files === 0) complaints.push('oxlint looked at no file')
  if (code !== 0 && complaints.length === 0) complaints.push(`oxlint ended with exit code ${code}`)
  return { complaints, looked_at: `${report.number_of_files} files` }
}
