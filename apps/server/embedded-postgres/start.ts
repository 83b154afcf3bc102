import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { dropBallast } from './ballast.ts'
import { installedPackage, usableBinaries } from './binaries.ts'
import { ensureCluster } from './cluster.ts'
import { type Claim, claim, holder } from './lock.ts'
import { type Place, possibleDirs, preparePlace } from './place.ts'
import { keptPort, rememberedPort } from './port.ts'
import { adoptPostmaster, type Launch, readPidFile } from './postmaster.ts'
import { EmbeddedPostgresError, errorCode } from './problem.ts'
import { type Settings, settingsFor } from './settings.ts'
import { diskFull, type Log, WatchedPostgres } from './watch.ts'

export type EmbeddedPostgresOptions = {
  /** A folder for this database alone; made when missing. */
  data_dir: string
  log: Log
  /** TCP port on 127.0.0.1; without it one is chosen once and kept with the data. */
  port?: number
  /** PostgreSQL settings over the defaults. */
  settings?: Settings
  /** For tests: not durable, no ballast, the data is deleted on stop. */
  throwaway?: boolean
  /** For tests: a locale of the C library, or `icu:…`, for a new cluster; without it text sorts by code point. */
  collation?: string
  /** Size of the file kept to be given up when the disk is full; 64 MB unless told. */
  ballast_bytes?: number
}

export type EmbeddedPostgres = AsyncDisposable & {
  /** `postgres://…` of its superuser, on 127.0.0.1. Stays the same over crashes and restarts of the server. */
  readonly url: string
  /** The postmaster's pid now; another after a crash. */
  readonly pid: number
  /** Fast shutdown; after `within_ms` (30 s unless told) an immediate one, which loses nothing either. */
  stop(within_ms?: number): Promise<void>
}

const BALLAST_BYTES = 64 * 1024 * 1024
const BORROW_MS_MAX = 30_000
const BORROW_POLL_MS = 50

/**
 * Starts PostgreSQL on `data_dir` and keeps it running: started again when it dies, given room when the disk is full.
 * A server left by a killed process is taken over. Refuses with an EmbeddedPostgresError whose message says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = await preparePlace(options.data_dir)
  if (place.moved !== null) options.log.warn({ dir: place.dir }, place.moved)
  try {
    const claimed = await claimWithRoom(place)
    if (claimed.kind === 'held') throw inUse(place, claimed.pid)
    return await startAt(place, options, claimed.release).catch(async (error: unknown) => {
      await claimed.release()
      throw error
    })
  } catch (error) {
    throw errorCode(error) === 'ENOSPC' ? diskFull(place) : error
  }
}

/**
 * The database of `data_dir` for a command of one's own: the running one when another process looks after it (stop()
 * then leaves it alone), else one started for the command.
 */
export async function borrowEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = await preparePlace(options.data_dir)
  for (let waited_ms = 0; waited_ms < BORROW_MS_MAX; waited_ms += BORROW_POLL_MS) {
    const owner = await holder(place.lock)
    if (owner === null) return startEmbeddedPostgres(options)
    const { pid, ready } = await readPidFile(place.cluster)
    const port = await rememberedPort(place.port)
    if (pid !== null && ready && port !== null) {
      const password = await ensureCluster(
        place,
        await usableBinaries({ package_dir: installedPackage(), account: place.account }),
        { throwaway: false, collation: null },
      )
      const leave = () => Promise.resolve()
      return { url: urlOf(port, password), pid, stop: leave, [Symbol.asyncDispose]: leave }
    }
    await delay(BORROW_POLL_MS)
  }
  throw new EmbeddedPostgresError(
    'cannot-start',
    `The PostgreSQL in ${place.dir} did not become ready; its log is ${place.log}`,
  )
}

/** The pid of the process that looks after the database of `data_dir` now; null when none does. Changes nothing. */
export async function embeddedPostgresOwner(data_dir: string): Promise<number | null> {
  for (const dir of await possibleDirs(data_dir)) {
    const pid = await holder(join(dir, 'lock'))
    if (pid !== null) return pid
  }
  return null
}

/** On a disk so full that not even the lock can be written, the ballast is what there is to give. */
async function claimWithRoom(place: Place): Promise<Claim> {
  try {
    return await claim(place.lock)
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC' || !(await dropBallast(place.ballast))) throw error
    return claim(place.lock)
  }
}

async function startAt(
  place: Place,
  options: EmbeddedPostgresOptions,
  release: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const throwaway = options.throwaway ?? false
  const binaries = await usableBinaries({ package_dir: installedPackage(), account: place.account })
  const password = await ensureCluster(place, binaries, { throwaway, collation: options.collation ?? null })
  const settings = settingsFor(throwaway, options.settings ?? {})
  const launchOn = (port: number): Launch => ({ postgres: binaries.postgres, place, port, settings })

  const last_port = options.port ?? (await rememberedPort(place.port))
  const left = last_port === null ? null : launchOn(last_port)
  const postmaster = left && (await adoptPostmaster(left, password))
  const watched = new WatchedPostgres({
    log: options.log,
    ballast_bytes: throwaway ? 0 : (options.ballast_bytes ?? BALLAST_BYTES),
    throwaway,
    ...(left && postmaster ? { adopted: { postmaster, launch: left } } : {}),
    // Asked for only once the leftovers of an earlier server are gone, which may hold the port.
    launch: async () => launchOn(await keptPort(place.port, options.port)),
    place,
  })
  const launched = await watched.begin()
  const stop = async (within_ms = 30_000) => {
    await watched.end(within_ms)
    if (throwaway) await rm(place.dir, { recursive: true, force: true })
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

function inUse(place: Place, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'in-use',
    `Tessera is already running on the data in ${place.dir} (process ${pid}).\n` +
      'Use that one, stop it first (Ctrl-C where it runs, or `kill ' +
      `${pid}\`), or run a second one beside it: TESSERA_DATA_DIR=/another/place PORT=3100 npm start`,
  )
}
