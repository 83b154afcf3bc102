import { startEmbeddedPostgres } from './index.ts'

/** Run by the tests as a process of its own, to be killed: starts on the folder given and says what runs where. */
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
