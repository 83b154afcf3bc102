import { randomBytes } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { embeddedPostgresOwner, freePort, portIsFree, startEmbeddedPostgres } from '#platform/embedded-postgres'
import { onParentGone, onShutdownSignal } from '#platform/lifecycle'
import { seconds } from './children.ts'
import { type Database, type Product, type ProductPlan, superviseProduct } from './supervisor.ts'
import { buildWeb, hasWebApp } from './web-build.ts'
import { welcome } from './welcome.ts'

/**
 * `npm start`: the whole product on this machine. PostgreSQL, the payment sandbox, the web app and the server, each a
 * process of its own, started together and kept running until Ctrl-C.
 */
const root = resolve(import.meta.dirname, '../..')
const data_dir = resolve(root, process.env['TESSERA_DATA_DIR'] || '.tessera')

const PORT_DEFAULT = 3000
const SANDBOX_PORT_DEFAULT = 3010

type Ports = { server: number; web: number; sandbox: number | null }
type Refusal = { kind: 'refused'; reason: string }

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function main(): Promise<number> {
  const ports = (await makeDataDir()) ?? (await choosePorts())
  if ('kind' in ports) {
    tell(`\n${ports.reason}`)
    return 1
  }
  const begun = performance.now()
  const asked_to_stop = new Promise<'asked to stop'>((resolve) => {
    onShutdownSignal(() => resolve('asked to stop'))
    onParentGone(() => resolve('asked to stop'))
  })
  tell('Starting Tessera …')
  const product = superviseProduct(await planFor(ports), tell)
  const outcome = await Promise.race([untilBroken(product, ports, begun), asked_to_stop])
  if (outcome === 'asked to stop') tell('\nStopping …')
  await product.stop()
  if (outcome === 'asked to stop') tell('Stopped.')
  return outcome === 'asked to stop' ? 0 : 1
}

/** Others may pass through, whatever the umask: PostgreSQL under root is another user. What is private in it is closed itself. */
async function makeDataDir(): Promise<Refusal | null> {
  try {
    if ((await mkdir(data_dir, { recursive: true })) !== undefined) await chmod(data_dir, 0o711)
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refused(
      `The data directory cannot be made (${why}). Choose another place: TESSERA_DATA_DIR=/path/you/own npm start`,
    )
  }
}

/** Says when what serves, and resolves only when the product cannot run. */
async function untilBroken(product: Product, ports: Ports, begun: number): Promise<'broken'> {
  const server = await product.server
  if (server.kind === 'ready') {
    tell(`API ready at http://localhost:${ports.server}/api/v1 (${seconds(performance.now() - begun)})`)
    const web = await product.web
    tell(
      welcome({
        port: ports.server,
        sandbox_port: ports.sandbox,
        data_dir,
        web,
        demo_accounts: server.message.demo_accounts ?? false,
      }),
    )
    return new Promise(() => undefined)
  }
  if (server.kind === 'failed') tell(`\nTessera cannot run: ${server.reason}`)
  return 'broken'
}

async function planFor(ports: Ports): Promise<ProductPlan> {
  const env = process.env
  const stripe = {
    STRIPE_SECRET_KEY: env['STRIPE_SECRET_KEY'] || `sk_test_${randomBytes(16).toString('hex')}`,
    STRIPE_WEBHOOK_SECRET: env['STRIPE_WEBHOOK_SECRET'] || `whsec_${randomBytes(24).toString('base64url')}`,
  }
  const shared = { TESSERA_DATA_DIR: data_dir, NODE_COMPILE_CACHE: join(data_dir, 'cache/node') }
  const sandbox_env = ports.sandbox === null ? {} : { ...stripe, ...sandboxAddresses(ports.sandbox) }
  const web = (await hasWebApp(root)) ? `http://127.0.0.1:${ports.web}` : undefined
  if (web === undefined) tell('There is no web app in apps/web yet: only the API will run.')
  return {
    database: startDatabase,
    sandbox:
      ports.sandbox === null
        ? null
        : {
            name: 'The payment sandbox',
            script: join(root, 'apps/payment-sandbox/main.ts'),
            env: {
              ...shared,
              ...stripe,
              TESSERA_SANDBOX_PORT: String(ports.sandbox),
              TESSERA_SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.server}/api/v1/webhooks/stripe`,
            },
          },
    web:
      web === undefined
        ? null
        : {
            build: (stop) => webBuild(stop),
            child: {
              name: 'The web app',
              script: join(root, 'apps/web/server.mjs'),
              env: { ...shared, TESSERA_WEB_PORT: String(ports.web) },
            },
          },
    server: (database_url) => ({
      name: 'The server',
      script: join(root, 'apps/server/main.ts'),
      env: {
        ...shared,
        ...sandbox_env,
        PORT: String(ports.server),
        DATABASE_URL: database_url,
        TESSERA_WEB_ORIGIN: web,
        TESSERA_DEMO: env['TESSERA_DEMO'] || '1',
      },
    }),
  }
}

/** Where the server reaches the sandbox, and where the buyer's browser does. */
function sandboxAddresses(port: number): Record<string, string> {
  return {
    STRIPE_API_BASE: `http://127.0.0.1:${port}`,
    TESSERA_SANDBOX_PORT: String(port),
    TESSERA_CARD_PAGE_ORIGIN: process.env['TESSERA_CARD_PAGE_ORIGIN'] || `http://localhost:${port}`,
  }
}

/** In development the web process compiles what it serves. */
async function webBuild(stop: AbortSignal): Promise<boolean> {
  if (process.env['TESSERA_WEB_DEV'] === '1') return true
  return buildWeb({ root, log_file: join(data_dir, 'web-build.log'), tell, stop })
}

async function startDatabase(): Promise<Database> {
  const given = process.env['DATABASE_URL']
  if (given) return { url: given, stop: () => Promise.resolve() }
  const say = (_fields: object, message: string) => tell(message)
  const cry = (fields: object, message: string) => tell(`${message} ${JSON.stringify(fields)}`)
  return startEmbeddedPostgres({ data_dir: join(data_dir, 'postgres'), log: { info: say, warn: say, error: cry } })
}

/** Looked at before anything is started: a port that is taken is the commonest reason why nothing comes up. */
async function choosePorts(): Promise<Ports | Refusal> {
  const server = portFrom('PORT', PORT_DEFAULT)
  const sandbox = await sandboxPort()
  if (typeof server !== 'number') return server
  if (sandbox !== null && typeof sandbox !== 'number') return sandbox
  const owner = process.env['DATABASE_URL'] ? null : await embeddedPostgresOwner(join(data_dir, 'postgres'))
  if (owner !== null) {
    return refused(
      `Tessera is already running on the data in ${data_dir} (process ${owner}). Stop that one first (Ctrl-C where it runs, or \`kill ${owner}\`),\n` +
        `or run a second one beside it: TESSERA_DATA_DIR=/another/place PORT=${server + 100} npm start`,
    )
  }
  if (await portIsFree(server)) return { server, sandbox, web: await freePort() }
  return refused(
    `Port ${server} is taken by another program. Stop that one, or choose another port: PORT=${server + 100} npm start`,
  )
}

/** The sandbox stands in for Stripe unless a Stripe is given (null). Its default port gives way when it is taken. */
async function sandboxPort(): Promise<number | null | Refusal> {
  if (process.env['STRIPE_SECRET_KEY'] || process.env['STRIPE_API_BASE']) return null
  const port = portFrom('TESSERA_SANDBOX_PORT', SANDBOX_PORT_DEFAULT)
  if (typeof port !== 'number' || (await portIsFree(port))) return port
  if (!process.env['TESSERA_SANDBOX_PORT']) return freePort()
  return refused(`Port ${port}, given in TESSERA_SANDBOX_PORT for the payment sandbox, is taken by another program.`)
}

function portFrom(name: string, fallback: number): number | Refusal {
  const text = process.env[name] || String(fallback)
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : refused(`${name}=${text} is not a port number (1 to 65535).`)
}

function refused(reason: string): Refusal {
  return { kind: 'refused', reason }
}

// Whoever read our output may go away (`npm start | head`); that is no reason to fall over.
process.stdout.on('error', () => undefined)
process.exit(await main())
