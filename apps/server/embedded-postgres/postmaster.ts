import { spawn } from 'node:child_process'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { DataDirectory } from './data-directory.ts'
import { commandOf, identityOf, processesOn, signal } from './processes.ts'
import { cleanEnvironment } from './run.ts'
import type { Settings } from './settings.ts'

/** A running server, started here or adopted. `exited` resolves when it has ended, with the last lines of its log. */
export type Postmaster = { pid: number; exited: Promise<string> }

export type Launch = { postgres: string; data: DataDirectory; port: number; settings: Settings }

const POLL_MS = 20
const ADOPTED_POLL_MS = 100
const LOG_BYTES_MAX = 8 * 1024 * 1024
const TAIL_BYTES_MAX = 8 * 1024
/** After a kill -9 of the postmaster its backends end by themselves; remaining ones are killed after this time. */
const ORPHAN_GRACE_MS = 10_000
const CONNECT_MS_MAX = 10_000

function argumentsOf(launch: Launch): string[] {
  const settings = Object.entries(launch.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', launch.data.cluster, '-p', String(launch.port), ...settings]
}

/** Starts the server in a session of its own: Ctrl-C in the terminal must not end it before its clients. */
export async function spawnPostmaster(launch: Launch): Promise<Postmaster> {
  const { data } = launch
  const found = await stat(data.log).catch(() => null)
  if (found && found.size > LOG_BYTES_MAX) await rename(data.log, `${data.log}.1`)
  // A file, not a pipe: the log continues when this process is killed, and the next one can read why the server ended.
  const log = await open(data.log, 'a', 0o600)
  try {
    const from = (await log.stat()).size
    const child = spawn(launch.postgres, argumentsOf(launch), {
      ...data.account,
      cwd: '/',
      env: cleanEnvironment(),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('exit', () => void tail(data.log, from).then(resolve))
    })
    return { pid: child.pid ?? 0, exited }
  } finally {
    await log.close()
  }
}

/**
 * The server left by a killed supervisor, if it is exactly the one we would start (programs, settings, port) and
 * accepts our password; otherwise null.
 */
export async function adoptPostmaster(launch: Launch, password: string): Promise<Postmaster | null> {
  const { pid, ready } = await readPidFile(launch.data.cluster)
  if (pid === null || !ready) return null
  if (!(await processesOn(launch.data.cluster, pid)).includes(pid)) return null
  const identity = await identityOf(pid)
  if (identity === null || (await commandOf(pid)) !== [launch.postgres, ...argumentsOf(launch)].join(' ').trim())
    return null
  if (!(await answers(launch.port, password))) return null
  const from = (await stat(launch.data.log).catch(() => null))?.size ?? 0
  return { pid, exited: goneWhen(pid, identity, () => tail(launch.data.log, from)) }
}

async function goneWhen(pid: number, identity: string, lastWords: () => Promise<string>): Promise<string> {
  while ((await identityOf(pid)) === identity) await delay(ADOPTED_POLL_MS)
  return lastWords()
}

/**
 * Ends the remaining processes of an earlier server on this data directory and removes its postmaster.pid. PostgreSQL
 * would refuse to start if the pid in it is alive, even if it has been reused by another program of the same user.
 */
export async function clearLeftovers(cluster: string): Promise<number> {
  const { pid } = await readPidFile(cluster)
  const first = await processesOn(cluster, pid)
  if (pid !== null && first.includes(pid)) signal(pid, 'SIGINT')
  else for (const orphan of first) signal(orphan, 'SIGKILL')

  const give_up_at = performance.now() + ORPHAN_GRACE_MS
  for (let left = first; left.length > 0; left = await processesOn(cluster, pid)) {
    if (performance.now() > give_up_at) for (const orphan of left) signal(orphan, 'SIGKILL')
    await delay(POLL_MS)
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  return first.length
}

/** Waits until it accepts connections; `'exited'` when it ended instead. Recovery after a crash may take minutes. */
export async function untilReady(
  postmaster: Postmaster,
  cluster: string,
  waiting: () => void,
): Promise<'ready' | 'exited'> {
  let gone = false
  void postmaster.exited.then(() => {
    gone = true
  })
  for (let polls = 1; !gone; polls++) {
    const found = await readPidFile(cluster)
    if (found.pid === postmaster.pid && found.ready) return 'ready'
    if (polls % (5_000 / POLL_MS) === 0) waiting()
    await delay(POLL_MS)
  }
  return 'exited'
}

/** Fast shutdown; immediate after `within_ms` (nothing is lost, the next start recovers); SIGKILL as the last resort. */
export async function endPostmaster(
  postmaster: Postmaster,
  mode: 'fast' | 'immediate',
  within_ms: number,
): Promise<void> {
  const gone = postmaster.exited.then(() => true)
  const within = (ms: number) => Promise.race([gone, delay(ms, false, { ref: false })])
  // The pid may have been reused by another program since.
  if (await within(0)) return
  if (mode === 'fast') {
    signal(postmaster.pid, 'SIGINT')
    if (await within(within_ms)) return
  }
  signal(postmaster.pid, 'SIGQUIT')
  if (await within(Math.max(within_ms, 1_000))) return
  signal(postmaster.pid, 'SIGKILL')
  await gone
}

/** PostgreSQL's own status file: pid in line 1, `ready` in line 8 once it takes connections. */
export async function readPidFile(cluster: string): Promise<{ pid: number | null; ready: boolean }> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return { pid: Number.isInteger(pid) && pid > 1 ? pid : null, ready: lines[7]?.trim() === 'ready' }
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    password,
    connectionTimeoutMillis: CONNECT_MS_MAX,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

async function tail(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r').catch(() => null)
  if (handle === null) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(size < from ? 0 : from, size - TAIL_BYTES_MAX)
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.max(size - start, 1)),
      position: start,
    })
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await handle.close()
  }
}
