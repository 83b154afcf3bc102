import { configurationPage } from './configuration.ts'
import { productPages } from './product.ts'
import { webTypes } from './web-types.ts'

const OPENAPI = 'docs/openapi.json'

/** Every generated page of the repository: path → text. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const { openapi, schemas, invariants } = await productPages()
  return new Map([
    [OPENAPI, openapi],
    ['apps/web/api/generated/types.gen.ts', await webTypes(openapi)],
    ['docs/configuration.md', configurationPage()],
    ['docs/invariants.md', invariants],
    ...[...schemas].map(([context, page]) => [`contexts/${context}/sql/schema.md`, page] as const),
  ])
}
