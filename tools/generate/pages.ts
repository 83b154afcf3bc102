import { configurationPage } from './configuration.ts'
import { messageTypes } from './message-types.ts'
import { productPages } from './product.ts'
import { webClient } from './web-client.ts'

const OPENAPI = 'docs/openapi.json'

/** Every generated page of the repository: path → text. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const { openapi, schemas, invariants } = await productPages()
  return new Map([
    [OPENAPI, openapi],
    ...(await webClient(openapi)),
    ['contracts/messages/arguments.ts', messageTypes()],
    ['docs/configuration.md', configurationPage()],
    ['docs/invariants.md', invariants],
    ...[...schemas].map(([context, page]) => [`contexts/${context}/sql/schema.md`, page] as const),
  ])
}
