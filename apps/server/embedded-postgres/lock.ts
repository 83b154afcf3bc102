import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { errorCode } from './problem.ts'
import { identityOf } from './processes.ts'

type Owner = { pid: number; identity: string }

export type Claim = { kind: 'ours'; release: () => Promise<void> } | { kind: 'held'; pid: number }

/**
 * Says which process looks after this data directory, so that a second start is told so instead of stealing it. A file
 * left by a process that is gone counts for nothing, also when its pid has been given to another. PostgreSQL's own
 * interlock (postmaster.pid) stays the last line of defence.
 */
export async function claim(file: string): Promise<Claim> {
  const identity = await identityOf(process.pid)
  if (identity === null) throw new Error('The system does not know this process')
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

/** The pid of the living process that looks after this data directory, else null. */
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
