import { randomBytes } from 'node:crypto'
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { DataDirectory } from './data-directory.ts'
import { EmbeddedPostgresError } from './problem.ts'
import { run } from './run.ts'

/** `collation`: see EmbeddedPostgresOptions. */
export type ClusterKind = { throwaway: boolean; collation: string | null }

/**
 * Makes the database cluster when there is none, and refuses one that this PostgreSQL cannot open. It is made beside
 * its final path and renamed, so that an interrupted start leaves no partial cluster behind. Returns the password,
 * random and stored beside it.
 */
export async function ensureCluster(data: DataDirectory, binaries: Binaries, kind: ClusterKind): Promise<string> {
  const version = await readFile(join(data.cluster, 'PG_VERSION'), 'utf8').catch(() => null)
  const kept = (await readFile(data.password, 'utf8').catch(() => '')).trim()
  if (version !== null) {
    refuseOtherMajor(data, version.trim(), binaries.major)
    if (kept === '') throw passwordLost(data)
    return kept
  }
  const password = kept === '' ? await makePassword(data) : kept
  const half = `${data.cluster}.new`
  await rm(half, { recursive: true, force: true })
  const made = await run(binaries.initdb, initdbArguments(half, data.password, kind), data.account)
  if (made.code !== 0) {
    await rm(half, { recursive: true, force: true })
    throw cannotMake(data, made.output)
  }
  await rename(half, data.cluster)
  return password
}

function initdbArguments(dir: string, password_file: string, { throwaway, collation }: ClusterKind): string[] {
  return [
    `--pgdata=${dir}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${password_file}`,
    '--encoding=UTF8',
    ...collationArguments(collation),
    '--no-instructions',
    // A new log segment is filled with zeros while every commit waits: 50 ms for the usual 16 MB, 10 ms for this.
    '--wal-segsize=4',
    ...(throwaway ? ['--no-sync'] : []),
  ]
}

function collationArguments(collation: string | null): string[] {
  // Sorting that depends neither on the machine's C library nor on its version.
  if (collation === null) return ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const icu = collation.startsWith('icu:') ? collation.slice('icu:'.length) : null
  return icu === null
    ? ['--locale-provider=libc', `--locale=${collation}`]
    : ['--no-locale', '--locale-provider=icu', `--icu-locale=${icu}`]
}

async function makePassword(data: DataDirectory): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await writeFile(data.password, `${password}\n`, { mode: 0o600 })
  if ('uid' in data.account) await chown(data.password, data.account.uid, data.account.gid)
  return password
}

function refuseOtherMajor(data: DataDirectory, found: string, ours: string): void {
  if (found === ours) return
  throw new EmbeddedPostgresError(
    'other-major-version',
    `The database in ${data.cluster} was made by PostgreSQL ${found}; this version of Tessera brings PostgreSQL ${ours}, which cannot open it.\n` +
      `Dump it with the version of Tessera that made it (pg_dumpall of PostgreSQL ${found}), move ${data.dir} away, start, and restore. ` +
      'To start empty beside it: TESSERA_DATA_DIR=/another/directory npm start',
  )
}

function passwordLost(data: DataDirectory): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'data-directory-unusable',
    `There is a database in ${data.cluster}, but its password file ${data.password} is missing or empty.\n` +
      'Put it back from a backup, or move the folder away to start empty.',
  )
}

function cannotMake(data: DataDirectory, output: string): EmbeddedPostgresError {
  if (output.includes('No space left on device')) {
    return new EmbeddedPostgresError(
      'disk-full',
      `The disk that holds ${data.dir} is full: the database could not be made. Make room (it needs about 300 MB) and start again.`,
    )
  }
  return new EmbeddedPostgresError(
    'data-directory-unusable',
    `The database could not be made in ${data.dir}:\n${output}`,
  )
}
