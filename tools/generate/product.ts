import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDb } from '#platform/db'
import { createTestDatabase } from '#platform/testing'
import { compose, type Product, productSchemas } from '../../apps/server/compose.ts'
import { readSettings } from '../../apps/server/config.ts'
import { schemaPage } from './schema.ts'

/** What only the composed product on a migrated database can tell: path → text. */
export async function productPages(): Promise<Map<string, string>> {
  const schemas = await productSchemas()
  await using database = await createTestDatabase(schemas)
  const data_dir = await mkdtemp(join(tmpdir(), 'tessera-generate-'))
  const db = openDb({ url: database.url })
  try {
    const product = await compose(readSettings({ DATABASE_URL: database.url, TESSERA_DATA_DIR: data_dir }))
    const pages = new Map([['docs/openapi.json', await openapiPage(product)]])
    for (const { name } of schemas) pages.set(`contexts/${name}/sql/schema.md`, await schemaPage(db, name))
    await product.close(0)
    return pages
  } finally {
    await db.close()
    await rm(data_dir, { recursive: true, force: true })
  }
}

async function openapiPage(product: Product): Promise<string> {
  await product.http.fastify.ready()
  return `${JSON.stringify(product.http.openapi(), null, 2)}\n`
}
