import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../apps/server/embedded-postgres/index.ts'

/**
 * One PostgreSQL for the whole test run, thrown away at its end: durability is off here, the crash tests start their own.
 * With TESSERA_TEST_DATABASE_URL set that server is used instead.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TESSERA_TEST_DATABASE_URL !== undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'tessera-test-pg-'))
  const server = await startEmbeddedPostgres({
    data_dir: folder,
    log: { info: quiet, warn: console.warn, error: console.error },
    throwaway: true,
    settings: { max_connections: 400 },
  })
  process.env.TESSERA_TEST_DATABASE_URL = server.url
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function quiet(): void {}
