import type { PartStart } from './supervisor.ts'

type Running = {
  port: number
  /** Null when a real provider is used. */
  sandbox_port: number | null
  data_dir: string
  web: PartStart
  demo_accounts: boolean
}

const DEMO_PASSWORD = 'tessera-demo'
/** Only accounts that have pages: there are none yet for sales at the counter. */
const DEMO_ACCOUNTS = [
  ['organizer@demo.test', 'sees events and their sales live'],
  ['organizer2@demo.test', 'the same for another organization'],
  ['door@demo.test', 'checks tickets at the door'],
  ['admin@demo.test', 'checks the integrity of all data'],
  ['attendee@demo.test', 'buys tickets'],
  ['attendee2@demo.test', 'buys tickets too'],
] as const

/** The message at the terminal once everything serves. */
export function welcome(running: Running): string {
  const origin = `http://localhost:${running.port}`
  const web = {
    serving: `  Open          ${origin}`,
    absent: `  API           ${origin}/api/v1  (there is no web app in this checkout yet)`,
    failed: `  API           ${origin}/api/v1  (the web app does not run; see above)`,
  }
  const accounts = DEMO_ACCOUNTS.map(([email, does]) => `    ${email.padEnd(22)}${does}`)
  return [
    '',
    'Tessera is running.',
    '',
    web[running.web],
    `  API docs      ${origin}/docs`,
    ...(running.demo_accounts ? ['', `  Demo accounts, password ${DEMO_PASSWORD}`, ...accounts] : []),
    '',
    `  Data          ${running.data_dir}`,
    ...(running.sandbox_port === null
      ? []
      : [`  Payments      simulated, by the sandbox on port ${running.sandbox_port}`]),
    '  Stop          Ctrl-C',
    '',
  ].join('\n')
}
