import { randomFillSync } from 'node:crypto'
import { open, rm, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * A file of a fixed size that exists to be deleted. When the disk is full while PostgreSQL writes its log ahead, the
 * server cannot even recover, because recovery needs space. Deleting the ballast frees that space.
 */
const CHUNK_BYTES = 1024 * 1024
/** It is restored only when this many times its size is free, so that it never fills the disk itself. */
const ROOM_FACTOR = 4

/** True when the ballast existed and was deleted. */
export async function dropBallast(file: string): Promise<boolean> {
  if (!(await hasBallast(file))) return false
  await rm(file)
  return true
}

export async function hasBallast(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  return found !== null && found.size > 0
}

/** Makes the ballast when it is missing or short and there is ample room. Random bytes: zeros would be compressed away. */
export async function ensureBallast(file: string, bytes: number): Promise<boolean> {
  const found = await stat(file).catch(() => null)
  if (bytes === 0 || found?.size === bytes) return true
  if ((await freeBytes(dirname(file))) < bytes * ROOM_FACTOR) return false
  const handle = await open(file, 'w', 0o600)
  try {
    const chunk = new Uint8Array(CHUNK_BYTES)
    for (let written = 0; written < bytes; written += chunk.length) {
      await handle.write(randomFillSync(chunk), 0, Math.min(chunk.length, bytes - written))
    }
    await handle.sync()
    return true
  } finally {
    await handle.close()
  }
}

/** Free for ordinary users: what the file system reserves for root is no use to PostgreSQL. */
export async function freeBytes(dir: string): Promise<number> {
  const fs = await statfs(dir)
  return fs.bavail * fs.bsize
}
