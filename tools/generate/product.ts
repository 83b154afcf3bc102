import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDb } from '#platform/db'
import { createTestDatabase } from '#platform/testing'
import { compose, type Product, productSchemas } from '../../apps/server/compose.ts'
import { readSettings } from '../../apps/server/config.ts'
import { invariantsPage } from './invariants.ts'
import { schemaPage } from './schema.ts'

/** What only the composed product on a migrated database can tell. */
export async function productPages(): Promise<{
  openapi: string
  schemas: ReadonlyMap<string, string>
  invariants: string
}> {
  const sources = await productSchemas()
  await using database = await createTestDatabase(sources)
  const data_dir = await mkdtemp(join(tmpdir(), 'tessera-generate-'))
  const db = openDb({ url: database.url })
  try {
    const product = await compose(readSettings({ DATABASE_URL: database.url, TESSERA_DATA_DIR: data_dir }), {
      serving: false,
    })
    const openapi = await openapiPage(product)
    const invariants = invariantsPage(product.invariants)
    await product.close(0)
    const schemas = new Map<string, string>()
    for (const { name } of sources) schemas.set(name, await schemaPage(db, name))
    return { openapi, schemas, invariants }
  } finally {
    await db.close()
    await rm(data_dir, { recursive: true, force: true })
  }
}

async function openapiPage(product: Product): Promise<string> {
  await product.http.fastify.ready()
  return `${JSON.stringify(product.http.openapi(), null, 2)}\n`
}
