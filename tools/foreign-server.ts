import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort, startEmbeddedPostgres } from '../apps/server/embedded-postgres/index.ts'

/**
 * A PostgreSQL as somebody else would run it: linguistic collation, another time zone, another date style and default
 * isolation, and PgBouncer in transaction mode in front. Whatever it lacks it says.
 */
export type ForeignServer = AsyncDisposable & { url: string; pooler_url: string | null }

const run = promisify(execFile)
const LOCALE = 'en_US.UTF-8'
/** Debian's PgBouncer refuses to run as root. */
const POOLER_ACCOUNT = 'nobody'
const START_MS_MAX = 10_000

/** What a database administrator may have set for every session. */
const DEFAULTS = {
  timezone: 'Asia/Kolkata',
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  default_transaction_isolation: 'repeatable read',
}

export async function startForeignServer(say: (line: string) => void): Promise<ForeignServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-foreign-'))
  await chmod(folder, 0o711)
  const collation = (await systemLocale(say)) ? LOCALE : 'icu:en-US'
  say(`PostgreSQL with the collation ${collation}, ${JSON.stringify(DEFAULTS)}`)
  const quiet = (): void => undefined
  const tell = (_fields: object, message: string): void => say(message)
  const server = await startEmbeddedPostgres({
    data_dir: join(folder, 'postgres'),
    log: { info: quiet, warn: tell, error: tell },
    throwaway: true,
    settings: { max_connections: 400 },
    collation,
  })
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  for (const [name, value] of Object.entries(DEFAULTS)) await admin.query(`alter role all set ${name} = '${value}'`)
  await admin.end()
  const pooler = await startPooler(server.url, folder, say)
  return {
    url: server.url,
    pooler_url: pooler?.url ?? null,
    [Symbol.asyncDispose]: async () => {
      pooler?.process.kill('SIGTERM')
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Whether the C library here knows the locale; as root on Debian it is made to. */
async function systemLocale(say: (line: string) => void): Promise<boolean> {
  if (await hasLocale()) return true
  if (process.getuid?.() === 0) {
    await install('locales', say)
    await run('localedef', ['-i', 'en_US', '-f', 'UTF-8', LOCALE]).catch(() => undefined)
    if (await hasLocale()) return true
  }
  say(`This machine has no locale ${LOCALE}, and it cannot be installed without root: ICU's en-US is used instead.`)
  return false
}

async function hasLocale(): Promise<boolean> {
  const { stdout } = await run('locale', ['-a']).catch(() => ({ stdout: '' }))
  return /^en_US\.utf-?8$/im.test(stdout)
}

async function startPooler(
  server: string,
  folder: string,
  say: (line: string) => void,
): Promise<{ url: string; process: ChildProcess } | null> {
  if (!(await hasPooler())) await install('pgbouncer', say)
  if (!(await hasPooler())) {
    say('There is no pgbouncer here, and it cannot be installed without root: the tests run WITHOUT a pooler.')
    return null
  }
  const port = await freePort()
  const { hostname, port: server_port, username, password } = new URL(server)
  const config = join(folder, 'pgbouncer.ini')
  const users = join(folder, 'users.txt')
  await writeFile(users, `"${username}" "${password}"\n`)
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${server_port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
max_client_conn = 5000
default_pool_size = 20
server_idle_timeout = 5
autodb_idle_timeout = 5
`,
  )
  const as_root = process.getuid?.() === 0
  const child = spawn('pgbouncer', ['-q', ...(as_root ? ['-u', POOLER_ACCOUNT] : []), config], { stdio: 'inherit' })
  // An interrupted run leaves nothing behind; PostgreSQL sees to itself.
  process.once('exit', () => child.kill('SIGTERM'))
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130))
  const url = new URL(server)
  url.port = String(port)
  await untilServing(url.href, child)
  say('PgBouncer in transaction mode in front of it')
  return { url: url.href, process: child }
}

async function untilServing(url: string, child: ChildProcess): Promise<void> {
  const until_ms = performance.now() + START_MS_MAX
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    const served = await client.connect().then(
      () => true,
      (error: unknown) => error,
    )
    await client.end().catch(() => undefined)
    if (served === true) return
    if (child.exitCode !== null || performance.now() > until_ms) throw new Error(`pgbouncer does not serve: ${served}`)
    await delay(50)
  }
}

async function hasPooler(): Promise<boolean> {
  return run('pgbouncer', ['--version']).then(
    () => true,
    () => false,
  )
}

async function install(name: string, say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0) return
  say(`Installing the Debian package ${name}`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await run('apt-get', ['update', '-qq'], options).catch(() => undefined)
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options).catch((error: unknown) =>
    say(`${name} could not be installed: ${String(error)}`),
  )
}
