import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { dropBallast } from './ballast.ts'
import { installedPackage, usableBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { type DataDirectory, possibleDirs, prepareDataDirectory } from './data-directory.ts'
import { type Claim, claim, holder } from './lock.ts'
import { keptPort, rememberedPort } from './port.ts'
import { adoptPostmaster, type Launch, readPidFile } from './postmaster.ts'
import { EmbeddedPostgresError, errorCode } from './problem.ts'
import { type Settings, settingsFor } from './settings.ts'
import { diskFull, type Log, WatchedPostgres } from './watch.ts'

export type EmbeddedPostgresOptions = {
  /** A directory for this database alone; made when missing. */
  data_dir: string
  log: Log
  /** TCP port on 127.0.0.1; by default chosen once and stored with the data. */
  port?: number
  /** PostgreSQL settings over the defaults. */
  settings?: Settings
  /** For tests: not durable, no ballast, the data is deleted on stop. */
  throwaway?: boolean
  /** For tests: a locale of the C library, or `icu:…`, for a new cluster; without it text sorts by code point. */
  collation?: string
  /** Size of the file that is deleted when the disk is full; 64 MB by default. */
  ballast_bytes?: number
}

export type EmbeddedPostgres = AsyncDisposable & {
  /** `postgres://…` of its superuser, on 127.0.0.1. Stays the same over crashes and restarts of the server. */
  readonly url: string
  /** The postmaster's present pid; changes after a crash. */
  readonly pid: number
  /** Fast shutdown; after `within_ms` (30 s by default) an immediate one, which loses nothing either. */
  stop(within_ms?: number): Promise<void>
}

const BALLAST_BYTES = 64 * 1024 * 1024
const BORROW_MS_MAX = 30_000
const BORROW_POLL_MS = 50

/**
 * Starts PostgreSQL on `data_dir` and keeps it running: restarts it when it ends, frees space when the disk is full.
 * Adopts a server left by a killed process. Rejects with an EmbeddedPostgresError whose message contains the next step.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const data = await prepareDataDirectory(options.data_dir)
  if (data.moved !== null) options.log.warn({ dir: data.dir }, data.moved)
  try {
    const claimed = await claimWithRoom(data)
    if (claimed.kind === 'held') throw inUse(data, claimed.pid)
    return await startAt(data, options, claimed.release).catch(async (error: unknown) => {
      await claimed.release()
      throw error
    })
  } catch (error) {
    throw errorCode(error) === 'ENOSPC' ? diskFull(data) : error
  }
}

/**
 * The database of `data_dir` for a command: the running one when another process supervises it (stop() then leaves it
 * running), otherwise one started for the command.
 */
export async function borrowEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const data = await prepareDataDirectory(options.data_dir)
  for (let waited_ms = 0; waited_ms < BORROW_MS_MAX; waited_ms += BORROW_POLL_MS) {
    const owner = await holder(data.lock)
    if (owner === null) return startEmbeddedPostgres(options)
    const { pid, ready } = await readPidFile(data.cluster)
    const port = await rememberedPort(data.port)
    if (pid !== null && ready && port !== null) {
      const password = await ensureCluster(
        data,
        await usableBinaries({ package_dir: installedPackage(), account: data.account }),
        { throwaway: false, collation: null },
      )
      const leave = () => Promise.resolve()
      return { url: urlOf(port, password), pid, stop: leave, [Symbol.asyncDispose]: leave }
    }
    await delay(BORROW_POLL_MS)
  }
  throw new EmbeddedPostgresError(
    'cannot-start',
    `The PostgreSQL in ${data.dir} did not become ready; its log is ${data.log}`,
  )
}

/** The pid of the process that supervises the database of `data_dir`; null when there is none. Changes nothing. */
export async function embeddedPostgresOwner(data_dir: string): Promise<number | null> {
  for (const dir of await possibleDirs(data_dir)) {
    const pid = await holder(join(dir, 'lock'))
    if (pid !== null) return pid
  }
  return null
}

/** On a disk too full even for the lock file, the ballast is deleted. */
async function claimWithRoom(data: DataDirectory): Promise<Claim> {
  try {
    return await claim(data.lock)
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC' || !(await dropBallast(data.ballast))) throw error
    return claim(data.lock)
  }
}

async function startAt(
  data: DataDirectory,
  options: EmbeddedPostgresOptions,
  release: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const throwaway = options.throwaway ?? false
  const binaries = await usableBinaries({ package_dir: installedPackage(), account: data.account })
  const password = await ensureCluster(data, binaries, { throwaway, collation: options.collation ?? null })
  const settings = settingsFor(throwaway, options.settings ?? {})
  const launchOn = (port: number): Launch => ({ postgres: binaries.postgres, data, port, settings })

  const last_port = options.port ?? (await rememberedPort(data.port))
  const left = last_port === null ? null : launchOn(last_port)
  const postmaster = left && (await adoptPostmaster(left, password))
  const watched = new WatchedPostgres({
    log: options.log,
    ballast_bytes: throwaway ? 0 : (options.ballast_bytes ?? BALLAST_BYTES),
    throwaway,
    ...(left && postmaster ? { adopted: { postmaster, launch: left } } : {}),
    // Chosen only after the remaining processes of an earlier server have ended, which may use the port.
    launch: async () => launchOn(await keptPort(data.port, options.port)),
    data,
  })
  const launched = await watched.begin()
  const stop = async (within_ms = 30_000) => {
    await watched.end(within_ms)
    if (throwaway) await rm(data.dir, { recursive: true, force: true })
    await release()
  }
  return {
    url: urlOf(launched.port, password),
    get pid() {
      return watched.pid
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function urlOf(port: number, password: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
}

function inUse(data: DataDirectory, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'in-use',
    `Tessera is already running on the data in ${data.dir} (process ${pid}).\n` +
      'Use that one, stop it first (Ctrl-C where it runs, or `kill ' +
      `${pid}\`), or run a second one beside it: TESSERA_DATA_DIR=/another/directory PORT=3100 npm start`,
  )
}
