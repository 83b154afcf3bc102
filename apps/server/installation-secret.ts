import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ConfigError } from '#platform/config'
import type { Settings } from './config.ts'

/** The installation's secret: given, or generated once and stored beside the data, readable by its owner only. */
export async function installationSecret(settings: Pick<Settings, 'secret' | 'data_dir'>): Promise<Buffer> {
  if (settings.secret !== null) return secretBytes(settings.secret, 'TESSERA_SECRET')
  const folder = resolve(settings.data_dir)
  const file = join(folder, 'secret')
  await mkdir(folder, { recursive: true })
  try {
    // Exclusive: of two processes that start at once, one writes and both read the same.
    await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  await chmod(file, 0o600)
  return secretBytes((await readFile(file, 'utf8')).trim(), file)
}

function secretBytes(encoded: string, from: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64url')
  if (bytes.length < 32) throw new ConfigError(`${from} must hold at least 32 bytes, base64url`)
  return bytes
}
