import type { Verdict } from './check.ts'
import { files, textOf } from './tree.ts'
import { wordComplaints } from './words.ts'

export const LINES_MAX = 400
/** The payment sandbox stands in for another company; it stays small enough to read in one sitting. */
export const SANDBOX_LINES_MAX = 2_500
const SANDBOX = /^apps\/payment-sandbox\/.*(?<!\.test)\.(?:ts|css)$/
/** A style sheet is a list, and may be long. */
const CODE = /\.(ts|tsx|mjs|js|sql)$/
const TEXT = /\.(ts|tsx|mjs|js|sql|css|md|json|yml|yaml|html|svg)$|(^|\/)(\.gitignore|LICENSE|run)$/
const DRAWERS = /(^|\/)(utils?|helpers?|services?|managers?|common|misc|types)(\.|\/|$)/i
/** Written here in halves, so that this file does not name what it forbids. */
const MACHINE_PATHS = new RegExp(`(?<![\\w.])/wo${'rk/'}|(?<!/var)/tmp/tes${'sera'}`)
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`)
const SET_ASIDE = new RegExp(`\\b(test|it|describe)\\.(${['on' + 'ly', 'sk' + 'ip', 'to' + 'do'].join('|')})\\b`)
const HANDED_ON = /^export (type )?(\*( as \w+)?|\{[^}]*\}) from '[^']+'\n?/gm
const WRONG_ON_PURPOSE = /^tools\/(boundaries\/fixtures|lint-fixtures)\//
const GENERATED = /^docs\/openapi\.json$|^apps\/web\/api\/generated\/|\/fixtures\/|^package-lock\.json$/

/** What a line or a name says about itself, without knowing the language. */
export async function checkFiles(): Promise<Verdict> {
  const ours = files().filter((file) => !WRONG_ON_PURPOSE.test(file))
  const complaints = ours.flatMap((file) => [
    ...nameComplaints(file),
    ...(TEXT.test(file) ? [...textComplaints(file, textOf(file)), ...wordComplaints(file, textOf(file))] : []),
  ])
  complaints.push(...sizeComplaints(ours, textOf))
  return { complaints, looked_at: `${ours.length} files` }
}

/** Too many lines of the payment sandbox, its tests not counted. */
export function sizeComplaints(paths: readonly string[], read: (path: string) => string): string[] {
  const sandbox = paths.filter((path) => SANDBOX.test(path))
  const lines = sandbox.reduce((sum, path) => sum + read(path).split('\n').length - 1, 0)
  return lines > SANDBOX_LINES_MAX
    ? [`apps/payment-sandbox has ${lines} lines without its tests, ${SANDBOX_LINES_MAX} is the most`]
    : []
}

export function nameComplaints(file: string): string[] {
  return DRAWERS.test(file) && !GENERATED.test(file)
    ? [`${file} has a name that says nothing: name it by what it contains`]
    : []
}

export function textComplaints(file: string, text: string): string[] {
  const complaints: string[] = []
  const lines = text.split('\n')
  if (GENERATED.test(file)) return []
  if (CODE.test(file) && lines.length - 1 > LINES_MAX)
    complaints.push(`${file} has ${lines.length - 1} lines, ${LINES_MAX} is the most`)
  for (const [n, line] of lines.entries()) {
    const at = `${file}:${n + 1}`
    if (MACHINE_PATHS.test(line)) complaints.push(`${at} names a path of one machine`)
    if (CODE.test(file) && UNFINISHED.test(line)) complaints.push(`${at} is unfinished`)
    if (CODE.test(file) && SET_ASIDE.test(line)) complaints.push(`${at} sets tests aside`)
  }
  if (/\.tsx?$/.test(file) && !/(^|\/)index\.ts$/.test(file) && isBarrel(text))
    complaints.push(`${file} hands on what others export: only a face (index.ts) does`)
  return complaints
}

/** Nothing but what other files export, and remarks about it. */
function isBarrel(text: string): boolean {
  const rest = text.replace(HANDED_ON, '').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  return rest !== text && rest.trim() === ''
}
