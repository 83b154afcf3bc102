import { startEmbeddedPostgres } from './index.ts'

/** A process that the tests kill: starts PostgreSQL on the given directory and prints what runs where. */
const [data_dir = '', settings = '{}'] = process.argv.slice(2)
const quiet = () => undefined
const started = await startEmbeddedPostgres({
  data_dir,
  log: { info: quiet, warn: quiet, error: quiet },
  settings: { ...JSON.parse(settings), fsync: 'off' },
  ballast_bytes: 0,
})
process.stdout.write(`${JSON.stringify({ url: started.url, pid: started.pid })}\n`)
// Stays until it is killed.
setInterval(quiet, 60_000)
