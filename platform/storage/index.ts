import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'

/** Stores files by key (`tickets/tkt_….pdf`). */
export type Storage = {
  put(key: string, bytes: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array | undefined>
  remove(key: string): Promise<void>
  /** Removes everything below a prefix such as `tickets/`; succeeds when there is nothing. */
  removeFolder(key: string): Promise<void>
  /** The names directly below a key, in no order. */
  list(key: string): Promise<string[]>
}

/** Files under one folder of the local disk; a put is visible whole or not at all. */
export function openDiskStorage(folder: string): Storage {
  const pathOf = (key: string): string => {
    const path = normalize(join(folder, key))
    if (key === '' || !path.startsWith(normalize(`${folder}/`)))
      throw new Error(`The key ${key} leads out of the storage`)
    return path
  }
  return {
    put: async (key, bytes) => {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(`${path}.part`, bytes, { mode: 0o600 })
      await rename(`${path}.part`, path)
    },
    get: async (key) => {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    removeFolder: (key) => rm(pathOf(key), { recursive: true, force: true }),
    list: async (key) => {
      try {
        return await readdir(pathOf(key))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
        throw error
      }
    },
  }
}
