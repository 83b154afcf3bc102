import { randomBytes } from 'node:crypto'
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { EmbeddedPostgresError } from './problem.ts'
import { run } from './run.ts'

/** `collation`: see EmbeddedPostgresOptions. */
export type ClusterKind = { throwaway: boolean; collation: string | null }

/**
 * Makes the database cluster when there is none, and refuses one that this PostgreSQL cannot open. Made beside its place
 * and renamed, so that an interrupted start leaves no half cluster behind. Returns the password, random and kept beside it.
 */
export async function ensureCluster(place: Place, binaries: Binaries, kind: ClusterKind): Promise<string> {
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => null)
  const kept = (await readFile(place.password, 'utf8').catch(() => '')).trim()
  if (version !== null) {
    refuseOtherMajor(place, version.trim(), binaries.major)
    if (kept === '') throw passwordLost(place)
    return kept
  }
  const password = kept === '' ? await makePassword(place) : kept
  const half = `${place.cluster}.new`
  await rm(half, { recursive: true, force: true })
  const made = await run(binaries.initdb, initdbArguments(half, place.password, kind), place.account)
  if (made.code !== 0) {
    await rm(half, { recursive: true, force: true })
    throw cannotMake(place, made.output)
  }
  await rename(half, place.cluster)
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
    // A new log segment is written full of zeros while every commit waits: 50 ms for the usual 16 MB, 10 ms for this.
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

async function makePassword(place: Place): Promise<string> {
  const password = randomBytes(24).toString('base64url')
  await writeFile(place.password, `${password}\n`, { mode: 0o600 })
  if ('uid' in place.account) await chown(place.password, place.account.uid, place.account.gid)
  return password
}

function refuseOtherMajor(place: Place, found: string, ours: string): void {
  if (found === ours) return
  throw new EmbeddedPostgresError(
    'other-major-version',
    `The database in ${place.cluster} was made by PostgreSQL ${found}; this version of Tessera brings PostgreSQL ${ours}, which cannot open it.\n` +
      `Dump it with the version of Tessera that made it (pg_dumpall of PostgreSQL ${found}), move ${place.dir} away, start, and restore. ` +
      'To start empty beside it: TESSERA_DATA_DIR=/another/place npm start',
  )
}

function passwordLost(place: Place): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'data-directory-unusable',
    `There is a database in ${place.cluster}, but its password file ${place.password} is missing or empty.\n` +
      'Put it back from a backup, or move the folder away to start empty.',
  )
}

function cannotMake(place: Place, output: string): EmbeddedPostgresError {
  if (output.includes('No space left on device')) {
    return new EmbeddedPostgresError(
      'disk-full',
      `The disk that holds ${place.dir} is full: the database could not be made. Make room (it needs about 300 MB) and start again.`,
    )
  }
  return new EmbeddedPostgresError(
    'data-directory-unusable',
    `The database could not be made in ${place.dir}:\n${output}`,
  )
}
