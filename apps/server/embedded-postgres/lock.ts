import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { errorCode } from './problem.ts'
import { identityOf } from './processes.ts'

type Owner = { pid: number; identity: string }

export type Claim = { kind: 'ours'; release: () => Promise<void> } | { kind: 'held'; pid: number }

/**
 * Records the process that supervises this data directory, so that a second start is refused. A lock of a process that
 * has ended counts for nothing, even when its pid has been reused. PostgreSQL's own interlock (postmaster.pid) remains
 * the last line of defence.
 */
export async function claim(file: string): Promise<Claim> {
  const identity = await identityOf(process.pid)
  if (identity === null) throw new Error('The operating system does not list this process')
  const mine = `${file}.${process.pid}`
  await writeFile(mine, JSON.stringify({ pid: process.pid, identity } satisfies Owner))
  try {
    for (;;) {
      if (await linkUnlessThere(mine, file)) return { kind: 'ours', release: () => rm(file, { force: true }) }
      const owner = await holder(file)
      if (owner !== null) return { kind: 'held', pid: owner }
      await rm(file, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

/** link() fails when the name exists, so creating the file and filling it is one step. */
async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** The pid of the live process that supervises this data directory, otherwise null. */
export async function holder(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const owner: Owner | null = parse(text)
  return owner !== null && (await identityOf(owner.pid)) === owner.identity ? owner.pid : null
}

function parse(text: string): Owner | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value)) return null
    return typeof value.pid === 'number' && typeof value.identity === 'string'
      ? { pid: value.pid, identity: value.identity }
      : null
  } catch {
    return null
  }
}
