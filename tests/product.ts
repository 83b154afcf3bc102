import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createTestDatabase } from '#platform/testing'
import { type Sandbox, startSandbox } from '../apps/payment-sandbox/sandbox.ts'
import { compose, type Product, productSchemas } from '../apps/server/compose.ts'
import { listenHost, readSettings, type Settings } from '../apps/server/config.ts'
import { freePort } from '../apps/server/embedded-postgres/index.ts'
import { checkInvariants } from '../apps/server/integrity.ts'
import { type Client, clientOf } from './client.ts'

export const WEBHOOK_SECRET = 'whsec_of_the_product_tests'

/** The whole product in this process, on a database of its own, with the payment sandbox beside it and a real socket. */
export type TestProduct = AsyncDisposable & {
  origin: string
  client: Client
  product: Product
  sandbox: Sandbox
  settings: Settings
  /** Resolves when every event was taken, every webhook delivered and applied: nothing is on its way any more. */
  settle(): Promise<void>
  /** The invariants that do not hold, with how often. */
  violations(): Promise<{ id: string; violations: number }[]>
}

const DRAIN_MS = 2_000

export async function openProduct(changes: Partial<Settings> = {}): Promise<TestProduct> {
  const database = await createTestDatabase(await productSchemas())
  const data_dir = await mkdtemp(join(tmpdir(), 'tessera-product-'))
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const sandbox = await startSandbox({
    webhook_url: `${origin}/api/v1/webhooks/stripe`,
    webhook_secrets: [WEBHOOK_SECRET],
    secret_keys: ['sk_test_product'],
  })
  const settings: Settings = {
    ...readSettings({
      DATABASE_URL: database.context.url,
      ...(database.context.pooled ? { DATABASE_DIRECT_URL: database.url } : {}),
      TESSERA_DATA_DIR: data_dir,
      PORT: String(port),
      HOST: '127.0.0.1',
      TESSERA_PUBLIC_ORIGIN: origin,
      TESSERA_RATE_LIMITS: 'off',
      TESSERA_LOG_LEVEL: process.env['TESSERA_LOG_LEVEL'] ?? 'fatal',
      STRIPE_API_BASE: sandbox.origin,
      STRIPE_SECRET_KEY: 'sk_test_product',
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    }),
    ...changes,
  }
  const product = await compose(settings)
  await product.start()
  await product.http.listen(settings.port, listenHost(settings))
  const violations = async () => {
    const { invariants } = await checkInvariants(product.auditor, product.invariants)
    if (invariants.length === 0) throw new Error('There is not one invariant: nothing was checked')
    return invariants.flatMap(({ id, violations: count }) => (count === 0 ? [] : [{ id, violations: count }]))
  }
  return {
    origin,
    client: clientOf(origin),
    product,
    sandbox,
    settings,
    violations,
    settle: async () => {
      // Events make calls and calls make webhooks: twice around reaches whatever the first round set off.
      for (let round = 0; round < 2; round++) {
        await sandbox.control.settle()
        await product.jobs.runNow('payment.process-webhooks', null)
        await product.relay.settle()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await product.close(DRAIN_MS)
      await sandbox.close()
      await database[Symbol.asyncDispose]()
      await rm(data_dir, { recursive: true, force: true })
    },
  }
}

/** One product for a test file. When its tests are done, every invariant must hold. */
export async function productOfFile(changes: Partial<Settings> = {}): Promise<TestProduct> {
  const opened = await openProduct(changes)
  afterAll(async () => {
    try {
      await opened.settle()
      const broken = await opened.violations()
      if (broken.length > 0) throw new Error(`Invariants do not hold at the end: ${JSON.stringify(broken)}`)
    } finally {
      await opened[Symbol.asyncDispose]()
    }
  })
  return opened
}
