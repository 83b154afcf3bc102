import type { Product } from '../compose.ts'
import type { Settings } from '../config.ts'

/** Loads demo data into an empty database; resolves to whether the demo accounts exist. */
export async function ensureDemo(product: Product, _settings: Settings): Promise<boolean> {
  await product.people.seedDemo()
  return true
}
