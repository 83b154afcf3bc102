import { startForeignServer } from './foreign-server.ts'
import { runSuite } from './suite.ts'

/**
 * `npm run test:foreign`: the tests that need a database, on a PostgreSQL that is set up differently and behind a pooler.
 * Paths narrow the run, as with `npm test`. Crash tests start a PostgreSQL of their own and do not belong here.
 */
const PROJECTS = ['pg', 'race', 'product']
const EVERYTHING = [
  'apps/server/invariant-growth',
  'contexts/',
  'platform/',
  'tests/authorization/',
  'tests/fuzz/',
  'tests/invariants',
  'tests/journeys/',
]

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const args = process.argv.slice(2)

await using server = await startForeignServer(say)
process.env['TESSERA_TEST_DATABASE_URL'] = server.url
if (server.pooler_url !== null) process.env['TESSERA_TEST_POOLER_URL'] = server.pooler_url
process.env['TZ'] = 'Asia/Kolkata'
const count = await runSuite(PROJECTS, args.length > 0 ? args : EVERYTHING)
for (const complaint of count.complaints) say(complaint)
say(`${count.passed} passed, ${count.failed} failed${server.pooler_url === null ? ' (without a pooler)' : ''}`)
process.exitCode = count.failed === 0 ? 0 : 1
