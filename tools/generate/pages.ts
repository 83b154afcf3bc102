import { configurationPage } from './configuration.ts'
import { productPages } from './product.ts'

/** Every generated page of the repository: path → text. */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  return (await productPages()).set('docs/configuration.md', configurationPage())
}
