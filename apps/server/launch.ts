import { chmod, mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { onParentGone, onShutdownSignal } from '#platform/lifecycle'
import { seconds } from './children.ts'
import { productAccount } from './drop-root.ts'
import { embeddedPostgresOwner } from './embedded-postgres/index.ts'
import { choosePorts, type Ports, type Refusal, refused } from './ports.ts'
import { planProduct } from './product-plan.ts'
import { type Product, superviseProduct } from './supervisor.ts'
import { welcome } from './welcome.ts'

/**
 * `npm start`: the whole product on this machine. PostgreSQL, the payment sandbox, the web app and the server, each a
 * process of its own, started together and kept running until Ctrl-C.
 */
/** Files of this and its children are private: databases, secrets, tickets and logs are 0600 in folders of 0700. */
process.umask(0o077)

const env = process.env
const root = resolve(import.meta.dirname, '../..')
const data_dir = resolve(root, env['TESSERA_DATA_DIR'] || '.tessera')

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Resolves with the exit code once everything has stopped. */
async function main(): Promise<number> {
  const begun = performance.now()
  const ports = (await claimDataDir()) ?? (await choosePorts(env))
  if ('kind' in ports) {
    tell(`\n${ports.reason}`)
    return 1
  }
  const asked_to_stop = new Promise<'asked to stop'>((resolve) => {
    onShutdownSignal(() => resolve('asked to stop'))
    onParentGone(() => resolve('asked to stop'))
  })
  tell('Starting Tessera …')
  const account = await productAccount({ root, data_dir, port: ports.server, env, tell })
  const product = superviseProduct(await planProduct({ root, data_dir, ports, env, tell, account }), tell)
  const outcome = await Promise.race([untilBroken(product, ports, begun), asked_to_stop])
  if (outcome === 'asked to stop') tell('\nStopping …')
  await product.stop()
  if (outcome === 'asked to stop') tell('Stopped.')
  return outcome === 'asked to stop' ? 0 : 1
}

/** Reports which parts serve, and resolves only when the product cannot run. */
async function untilBroken(product: Product, ports: Ports, begun: number): Promise<'broken'> {
  const server = await product.server
  if (server.kind === 'ready') {
    tell(`API ready at http://localhost:${ports.server}/api/v1 (${seconds(performance.now() - begun)})`)
    const web = await product.web
    const demo_accounts = server.message.demo_accounts ?? false
    tell(welcome({ port: ports.server, sandbox_port: ports.sandbox, data_dir, web, demo_accounts }))
    return new Promise(() => undefined)
  }
  if (server.kind === 'failed') tell(`\nTessera cannot run: ${server.reason}`)
  return 'broken'
}

/**
 * Makes the data directory, and refuses one that another `npm start` uses. Other users may pass through it under any
 * umask, because under root PostgreSQL and the children are other users. Private files in it are closed themselves.
 */
async function claimDataDir(): Promise<Refusal | null> {
  try {
    await mkdir(data_dir, { recursive: true })
    const { mode, uid } = await stat(data_dir)
    if (uid === process.getuid?.()) await chmod(data_dir, mode | 0o011)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refused(
      `The data directory cannot be made (${why}). Choose another: TESSERA_DATA_DIR=/path/you/own npm start`,
    )
  }
  const owner = env['DATABASE_URL'] ? null : await embeddedPostgresOwner(join(data_dir, 'postgres'))
  if (owner === null) return null
  return refused(
    `Tessera is already running on the data in ${data_dir} (process ${owner}). Stop that one first (Ctrl-C where it runs, or \`kill ${owner}\`),\n` +
      'or run a second one beside it: TESSERA_DATA_DIR=/another/place PORT=3100 npm start',
  )
}

// The reader of our output may go away (`npm start | head`), which is no reason to end.
process.stdout.on('error', () => undefined)
process.exit(await main())
