import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { accountFor, canWorkIn } from './account.ts'
import { EmbeddedPostgresError, errorCode } from './problem.ts'
import { run, type User } from './run.ts'

/** The files of one embedded PostgreSQL, in one directory that its account owns. */
export type DataDirectory = {
  account: User
  dir: string
  cluster: string
  password: string
  port: string
  log: string
  lock: string
  ballast: string
  /** Set when the data had to be stored elsewhere than requested: a sentence with the reason. */
  moved: string | null
}

/** The data's parent directory when only root can enter the checkout. */
const MOVED_BASE = '/var/lib/tessera'
/** Left in the requested directory; it contains the path of the data. */
const POINTER = 'moved-to'
/** The reverse pointer: the directory that the data belongs to. */
const ORIGIN = 'moved-from'

/**
 * Makes the directory and gives it to the account PostgreSQL runs as. When that account cannot reach it (root, with an
 * inaccessible folder above such as /root), the data goes under /var/lib/tessera, and its path is left in the requested
 * directory. Existing data is never abandoned for an empty database elsewhere.
 */
export async function prepareDataDirectory(data_dir: string): Promise<DataDirectory> {
  await makeDirs(data_dir)
  const asked = await realpath(data_dir)
  const moved = await movedDir(asked)
  const here = await isThere(join(asked, 'cluster'))
  if (!here && moved !== null && (await isThere(join(moved, 'cluster')))) return moveTo(moved, asked)

  const account = await accountFor(join(asked, 'cluster'))
  await handOver(asked, account)
  if (await canWorkIn(asked, account)) return directoryAt(asked, account, null)
  if (!('uid' in account)) throw unusable(asked, 'this user may not write there')
  if (here) {
    throw unusable(asked, `its database belongs to user id ${account.uid}, who cannot enter a folder above it any more`)
  }
  return moveTo(moved ?? join(MOVED_BASE, randomBytes(6).toString('hex')), asked)
}

async function moveTo(dir: string, asked: string): Promise<DataDirectory> {
  await makeDirs(dir)
  const account = await accountFor(join(dir, 'cluster'))
  await handOver(dir, account)
  if (!(await canWorkIn(dir, account))) throw unusable(asked, `only root can enter it, nor can ${dir} be used`)
  await Promise.all([writeFile(join(asked, POINTER), `${dir}\n`), writeFile(join(dir, ORIGIN), `${asked}\n`)])
  const why =
    `PostgreSQL does not run as root, and only root can enter ${asked} (a folder above it is closed to others). ` +
    `So the database of this checkout lives in ${dir}.`
  return directoryAt(dir, account, why)
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

/** The directories in which the data may be. */
export async function possibleDirs(data_dir: string): Promise<string[]> {
  const moved = await movedDir(data_dir)
  return moved === null ? [data_dir] : [data_dir, moved]
}

/** Stored in the directory, not derived from its path: a new checkout at an old path is a new installation. */
async function movedDir(asked: string): Promise<string | null> {
  const dir = (await readFile(join(asked, POINTER), 'utf8').catch(() => '')).trim()
  return dirname(dir) === MOVED_BASE ? dir : null
}

function directoryAt(dir: string, account: User, moved: string | null): DataDirectory {
  return {
    account,
    dir,
    cluster: join(dir, 'cluster'),
    password: join(dir, 'password'),
    port: join(dir, 'port'),
    log: join(dir, 'postgres.log'),
    lock: join(dir, 'lock'),
    ballast: join(dir, 'ballast'),
    moved,
  }
}

/** New parent directories can be passed through (not listed) under any umask: the account must reach the last one. */
async function makeDirs(dir: string): Promise<void> {
  try {
    const first = await mkdir(dir, { recursive: true })
    if (first === undefined) return
    for (let made = dirname(dir); made.length >= first.length; made = dirname(made)) await chmod(made, 0o711)
  } catch (error) {
    throw unusable(dir, errorCode(error) ?? String(error))
  }
}

async function handOver(dir: string, account: User): Promise<void> {
  try {
    const found = await stat(dir)
    if ('uid' in account) {
      // A copied or restored directory is owned by root throughout.
      const cluster = await stat(join(dir, 'cluster')).catch(() => null)
      if (found.uid !== account.uid) await chown(dir, account.uid, account.gid)
      if (cluster && cluster.uid !== account.uid) await run('chown', ['-R', `${account.uid}:${account.gid}`, dir], {})
    } else if (found.uid !== process.getuid?.()) {
      throw unusable(
        dir,
        `it belongs to the user with id ${found.uid}, and PostgreSQL runs only on data of its own user`,
      )
    }
    await chmod(dir, 0o700)
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error
    throw unusable(dir, errorCode(error) ?? String(error))
  }
}

function unusable(dir: string, why: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'data-directory-unusable',
    `The data directory ${dir} cannot be used: ${why}.\n` +
      'Start as the user it belongs to, or choose another directory: TESSERA_DATA_DIR=/path/you/own npm start',
  )
}
