import { readFile, stat } from 'node:fs/promises'
import { type Account, run, type User } from './run.ts'

const MADE_NAME = 'tessera'
const KNOWN_NAMES = ['postgres', '_postgres', MADE_NAME]

/**
 * PostgreSQL refuses to run as root. Under root it runs as the owner of existing data, otherwise as a `postgres` user,
 * otherwise as a system user `tessera` created for it, otherwise (if none can be created) as nobody.
 */
export async function accountFor(cluster_dir: string): Promise<User> {
  if (process.getuid?.() !== 0) return {}
  const owner = await stat(cluster_dir).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }

  return (await systemAccount(KNOWN_NAMES)) ?? (await lookUp(['nobody'])) ?? { uid: 65534, gid: 65534 }
}

/** The first of these users that there is, else a system user `tessera` made now; null when it cannot be made. */
export async function systemAccount(names: readonly string[]): Promise<Account | null> {
  const known = await lookUp(names)
  if (known) return known
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', MADE_NAME], {})
  return lookUp([MADE_NAME])
}

async function lookUp(names: readonly string[]): Promise<Account | null> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const rows = passwd.split('\n').map((line) => line.split(':'))
  for (const name of names) {
    const row = rows.find((fields) => fields[0] === name)
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) }
  }
  return null
}

/** Checks access as that account: mode bits alone would miss ACLs, read-only mounts and inaccessible parent folders. */
export async function canWorkIn(dir: string, account: User): Promise<boolean> {
  const asked = await run('/bin/sh', ['-c', 'cd "$1" && test -w . && test -r .', 'sh', dir], account)
  return asked.code === 0
}
