import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { files, root } from './tree.ts'

export type Count = { passed: number; failed: number; skipped: number; complaints: readonly string[] }

/** The part of vitest's JSON report that is read here. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: readonly { name: string; status: string; assertionResults: readonly unknown[] }[]
}

/**
 * Runs the tests with vitest, its lines going straight to the terminal, and counts them from its report. `paths` narrows
 * the run; without them every test file of the tree must have been run.
 */
export async function runSuite(projects: readonly string[], paths: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-report-'))
  try {
    const file = join(folder, 'report.json')
    const code = await vitest([
      'run',
      ...projects.map((project) => `--project=${project}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...paths,
    ])
    const expected = paths.length > 0 ? [] : testFiles(projects)
    return count(JSON.parse(readFileSync(file, 'utf8')) as Report, expected, code)
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, complaints: [`vitest left no report: ${String(error)}`] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the report says, and what it does not say: files that were not run, files that did not even load. */
export function count(report: Report, expected: readonly string[], code: number): Count {
  const run = new Set(report.testResults.map((file) => relative(root, file.name)))
  const missing = expected.filter((file) => !run.has(file)).map((file) => `${file} was not run`)
  const broken = report.testResults
    .filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    .map((file) => `${relative(root, file.name)} did not load`)
  const empty = report.testResults
    .filter((file) => file.status !== 'failed' && file.assertionResults.length === 0)
    .map((file) => `${relative(root, file.name)} has no test`)
  const complaints = [...missing, ...broken, ...empty]
  if (code !== 0 && report.numFailedTests === 0 && complaints.length === 0)
    complaints.push(
      `vitest ended with exit code ${code} though no test failed: an error outside of the tests, see above`,
    )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + complaints.length,
    skipped: report.numPendingTests + report.numTodoTests,
    complaints,
  }
}

/** The test files of these projects: `long` is a tier of its own, and each of the others has its mark. */
function testFiles(projects: readonly string[]): string[] {
  const long = projects.includes('long')
  const of_tier = files().filter((file) => /\.test\.tsx?$/.test(file) && file.includes('.long.test.') === long)
  return long || projects.length > 1 ? of_tier : of_tier.filter((file) => !/\.(pg|race)\.test\.|^tests\//.test(file))
}

function vitest(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
