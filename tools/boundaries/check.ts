import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verdict } from '../check.ts'
import { program } from '../program.ts'
import { files, root } from '../tree.ts'
import { folderCircles } from './folder-circles.ts'
import { GENERATED, ONLY_TESTS } from './rules.mjs'

export type Violation = { rule: string; from: string; to: string }

type Report = {
  modules: readonly { source: string; dependencies: readonly { resolved: string }[] }[]
  summary: { violations: readonly { rule: { name: string }; from: string; to: string }[] }
}

const ROOMS = ['apps', 'contexts', 'platform', 'contracts', 'tests', 'bench', 'tools', 'bin']
const RULES = join(root, 'tools/boundaries/rules.mjs')

/** Which room imports which. A file that dependency-cruiser does not see is a complaint: it once saw none and was content. */
export async function checkBoundaries(): Promise<Verdict> {
  const ours = files().filter(
    (file) => /\.(ts|tsx|mjs)$/.test(file) && !file.includes('-fixtures/') && !file.includes('/fixtures/'),
  )
  const rooms = ROOMS.filter((room) => ours.some((file) => file.startsWith(`${room}/`)))
  const { violations, seen } = await cruise(root, rooms)
  const unseen = ours.filter((file) => rooms.some((room) => file.startsWith(`${room}/`)) && !seen.has(file))
  return {
    complaints: [
      ...violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`),
      ...unseen.map((file) => `${file} was not looked at`),
    ],
    looked_at: `${seen.size} modules`,
  }
}

/** Runs the rules over these folders. */
export async function cruise(
  folder: string,
  rooms: readonly string[],
): Promise<{ violations: Violation[]; seen: ReadonlySet<string> }> {
  // Through a file: a pipe that is slow to be read gets half of a long report.
  const out = await mkdtemp(join(tmpdir(), 'tessera-boundaries-'))
  try {
    const file = join(out, 'report.json')
    await program('depcruise', ['--config', RULES, '--output-type', 'json', '--output-to', file, ...rooms], folder)
    return told(JSON.parse(await readFile(file, 'utf8')) as Report)
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

function told(report: Report): { violations: Violation[]; seen: ReadonlySet<string> } {
  const exempt = new RegExp(`${ONLY_TESTS}|${GENERATED}`)
  const imports = report.modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  )
  const circles = folderCircles(imports.filter(({ from, to }) => !exempt.test(from) && !exempt.test(to)))
  return {
    violations: [
      ...report.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
      ...circles.map(({ from, to }) => ({ rule: 'no-folder-circle', from, to })),
    ],
    seen: new Set(report.modules.map((module) => module.source)),
  }
}
