import { join } from 'node:path'
import { superviseProduct } from './supervisor.ts'

/** A supervisor in a process of its own, to be killed. */
const script = join(import.meta.dirname, 'child.fixture.ts')
const child = (name: string) => ({ name, script, env: { FAKE_NAME: name, FAKE_JOURNAL: process.env['FAKE_JOURNAL'] } })
const product = superviseProduct(
  {
    database: () => Promise.resolve({ url: 'postgres://none', stop: () => Promise.resolve() }),
    sandbox: child('sandbox'),
    web: { build: () => Promise.resolve(true), child: child('web') },
    server: () => child('server'),
  },
  () => undefined,
)
await Promise.all([product.server, product.web, product.sandbox])
process.stdout.write(`${JSON.stringify(product.pids())}\n`)
