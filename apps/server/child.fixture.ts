import { appendFileSync } from 'node:fs'
import { announceReady, onParentGone, onShutdownSignal } from '#platform/lifecycle'

/** A child of the supervisor for its tests. FAKE_NAME, FAKE_JOURNAL (a line for each thing that happens), FAKE_KIND. */
const { FAKE_NAME, FAKE_JOURNAL = '', FAKE_KIND } = process.env
const note = (what: string) => appendFileSync(FAKE_JOURNAL, `${FAKE_NAME} ${what}\n`)

note(`started ${process.pid}`)
if (FAKE_KIND === 'broken') process.exit(3)
const alive = setInterval(() => undefined, 60_000)
onShutdownSignal(() => {
  note('asked to stop')
  if (FAKE_KIND !== 'deaf') clearInterval(alive)
})
onParentGone(() => clearInterval(alive))
process.on('exit', () => note('ended'))
announceReady({ demo_accounts: true })
