import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tell } from './children.ts'
import { type Account, run, systemAccount } from './embedded-postgres/index.ts'
import { installationSecret } from './installation-secret.ts'

type Given = {
  root: string
  data_dir: string
  /** The port that the server listens on. */
  port: number
  env: Readonly<Record<string, string | undefined>>
  tell: Tell
}

const CAN_RUN = fileURLToPath(new URL('./can-run.ts', import.meta.url))
const ACCOUNT_NAME = 'tessera'
/**
 * The directories that the children write below the data directory; that itself stays root's, PostgreSQL's directory
 * its own.
 */
const FOLDERS = ['files', 'sandbox', 'cache']
const UNPRIVILEGED_PORTS = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
const UNPRIVILEGED_PORT_MIN = 1_024

/**
 * The account that server, web app and sandbox run as when this process is root: the owner of the data, else a system
 * user `tessera`. Hands it what the children write, also what an earlier version wrote as root. Null when this is not
 * root, and when that account could not run them; `tell` then hears why.
 */
export async function productAccount(given: Given): Promise<Account | null> {
  const { data_dir, env } = given
  if (process.getuid?.() !== 0) return null
  const account = await accountOf(data_dir)
  const hindrance = account === null ? 'no system user could be made for it' : await hindranceOf(given, account)
  if (account === null || hindrance !== null) {
    given.tell(`Tessera runs as root: ${hindrance}.`)
    return null
  }
  for (const folder of FOLDERS) await mkdir(join(data_dir, folder), { recursive: true, mode: 0o700 })
  await installationSecret({ data_dir, secret: env['TESSERA_SECRET'] || null })
  await handOver(
    account,
    ['secret', ...FOLDERS].map((name) => join(data_dir, name)),
  )
  return account
}

/** Makes these files and folders, all through and without following links, the account's; absent ones are passed over. */
export async function handOver({ uid, gid }: Account, paths: readonly string[]): Promise<void> {
  const there: string[] = []
  for (const path of paths) if (await isThere(path)) there.push(path)
  if (there.length === 0) return
  const done = await run('chown', ['-R', '-h', `${uid}:${gid}`, '--', ...there], {})
  if (done.code !== 0) throw new Error(`These files cannot be given to user id ${uid}: ${done.output}`)
}

/** Data that belongs to somebody keeps its owner: in a new container the user of the name may have another id. */
async function accountOf(data_dir: string): Promise<Account | null> {
  const owned = await stat(join(data_dir, 'files')).catch(() => null)
  if (owned !== null && owned.uid !== 0) return { uid: owned.uid, gid: owned.gid }
  return systemAccount([ACCOUNT_NAME])
}

/** Why the account could not run the product; null when it can. */
async function hindranceOf({ root, data_dir, port, env }: Given, account: Account): Promise<string | null> {
  if (env['TESSERA_WEB_DEV'] === '1') return 'with TESSERA_WEB_DEV=1 the web app writes into the checkout'
  const first = Number(await readFile(UNPRIVILEGED_PORTS, 'utf8').catch(() => UNPRIVILEGED_PORT_MIN))
  if (port !== 0 && port < first) return `only root may listen on port ${port}`
  const asked = await run(process.execPath, [CAN_RUN, root, data_dir], account)
  if (asked.code === 0) return null
  const what = asked.output.startsWith('/') ? asked.output : root
  return `its unprivileged account (user id ${account.uid}) cannot read ${what}`
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
