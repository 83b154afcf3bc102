import { checks } from './checks.ts'
import { runSuite } from './suite.ts'
import setUp from './test-setup.ts'

/**
 * `npm test`: every check, then every test but the long ones. `npm test -- lint contexts/booking` runs those checks and
 * those tests only; `--long` runs the long tests alone, `--unit` those that need neither database nor browser. The last
 * line is the count.
 */
const LONG = ['long']
const UNIT = ['unit']
const QUICK = [...UNIT, 'pg', 'race', 'product']
/** The checks that ask a database. */
const NEED_DATABASE = new Set(['sql', 'generated'])
const COMPLAINTS_SHOWN_MAX = 200

const total = { passed: 0, failed: 0, skipped: 0 }
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(args: readonly string[]): Promise<void> {
  const long = args.includes('--long')
  const wanted = checks.filter((check) => args.includes(check.name))
  const unit = args.includes('--unit')
  const paths = args.filter((arg) => !arg.startsWith('--') && !wanted.some((check) => check.name === arg))
  const everything = wanted.length === 0 && paths.length === 0 && !unit
  const with_database =
    everything || (paths.length > 0 && !unit) || wanted.some((check) => NEED_DATABASE.has(check.name))
  const tearDown = with_database || long ? await setUp() : undefined
  try {
    if (!long) await runChecks(everything ? checks : wanted)
    if (everything || long || unit || paths.length > 0) await runTests(long ? LONG : unit ? UNIT : QUICK, paths)
  } finally {
    await tearDown?.()
  }
}

async function runChecks(list: typeof checks): Promise<void> {
  for (const [index, check] of list.entries()) {
    const begun = performance.now()
    const verdict = await check
      .run()
      .catch((error: unknown) => ({ complaints: [describe(error)], looked_at: 'it could not run' }))
    const passed = verdict.complaints.length === 0
    total[passed ? 'passed' : 'failed']++
    say(
      `${passed ? '✓' : '✗'} [${index + 1}/${list.length}] ${check.name} · ${verdict.looked_at} · ${secondsSince(begun)} s`,
    )
    for (const complaint of verdict.complaints.slice(0, COMPLAINTS_SHOWN_MAX)) say(`    ${complaint}`)
    const more = verdict.complaints.length - COMPLAINTS_SHOWN_MAX
    if (more > 0) say(`    and ${more} more`)
  }
}

async function runTests(projects: readonly string[], paths: readonly string[]): Promise<void> {
  const begun = performance.now()
  const count = await runSuite(projects, paths)
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped
  say(`${count.failed === 0 ? '✓' : '✗'} tests · ${secondsSince(begun)} s`)
  for (const complaint of count.complaints) say(`    ${complaint}`)
}

function secondsSince(begun: number): string {
  return ((performance.now() - begun) / 1_000).toFixed(1)
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

await main(process.argv.slice(2))
say(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)
process.exitCode = total.failed === 0 ? 0 : 1
