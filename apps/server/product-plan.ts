import { join } from 'node:path'
import { environmentOf } from './child-environment.ts'
import type { ChildPlan, Tell } from './children.ts'
import { isProduction, readSettings } from './config.ts'
import { webhookTypesOf } from './contexts.ts'
import { handOver } from './drop-root.ts'
import { type Account, ownerUrl, startEmbeddedPostgres } from './embedded-postgres/index.ts'
import { sandboxAddress, sandboxSecrets, sandboxWebhookUrl } from './payment-settings.ts'
import type { Ports } from './ports.ts'
import type { Database, ProductPlan } from './supervisor.ts'
import { buildWeb, hasWebApp } from './web-build.ts'

type Given = {
  root: string
  data_dir: string
  ports: Ports
  env: Readonly<Record<string, string | undefined>>
  tell: Tell
  /** The account of server, web app and sandbox; null: as this process. */
  account: Account | null
}

/**
 * The requests of a burst are live at the same time: with the usual 16 MB the collector copies them repeatedly, 30 ms
 * each time.
 */
export const SERVER_NODE_FLAGS = ['--max-semi-space-size=64']

/** The processes of `npm start` in this checkout, and the settings of each. */
export async function planProduct(given: Given): Promise<ProductPlan> {
  const { root, ports, env, tell } = given
  const web = await hasWebApp(root)
  if (!web) tell('There is no web app in apps/web: only the API will run.')
  const secrets = sandboxSecrets(env)
  return {
    database: () => startDatabase(given),
    sandbox: ports.sandbox === null ? null : await sandboxPlan(given, ports.sandbox, secrets),
    web: web ? { build: (stop) => build(given, stop), child: webPlan(given) } : null,
    server: (database_url) => ({
      name: 'The server',
      script: join(root, 'apps/server/main.ts'),
      node_flags: SERVER_NODE_FLAGS,
      ...accountOf(given),
      env: {
        ...environmentOf.server(env),
        ...shared(given),
        ...(ports.sandbox === null ? {} : { ...secrets, ...sandboxAddress(ports.sandbox) }),
        PORT: String(ports.server),
        DATABASE_URL: database_url,
        TESSERA_WEB_ORIGIN: web ? `http://127.0.0.1:${ports.web}` : undefined,
        TESSERA_DEMO: env['TESSERA_DEMO'] || '1',
      },
    }),
  }
}

function shared({ data_dir, account }: Given): Record<string, string> {
  return {
    TESSERA_DATA_DIR: data_dir,
    NODE_COMPILE_CACHE: join(data_dir, 'cache/node'),
    // Another account has no business in the home of root, nor a way into it.
    ...(account === null ? {} : { HOME: join(data_dir, 'cache') }),
  }
}

function accountOf({ account }: Given): Pick<ChildPlan, 'account'> {
  return account === null ? {} : { account }
}

async function startDatabase({ env, data_dir, tell }: Given): Promise<Database> {
  const url = env['DATABASE_URL']
  if (url) return { url, stop: () => Promise.resolve() }
  const say = (_fields: object, message: string) => tell(message)
  const cry = (fields: object, message: string) => tell(`${message} ${JSON.stringify(fields)}`)
  const postgres = await startEmbeddedPostgres({
    data_dir: join(data_dir, 'postgres'),
    log: { info: say, warn: say, error: cry },
  })
  return { url: await ownerUrl(postgres.url), stop: (within_ms) => postgres.stop(within_ms) }
}

async function sandboxPlan(given: Given, port: number, secrets: Record<string, string>): Promise<ChildPlan> {
  return {
    name: 'The payment sandbox',
    script: join(given.root, 'apps/payment-sandbox/main.ts'),
    ...accountOf(given),
    env: {
      ...environmentOf.sandbox(given.env),
      ...shared(given),
      ...secrets,
      TESSERA_SANDBOX_PORT: String(port),
      TESSERA_SANDBOX_PUBLIC_ORIGIN: given.env['TESSERA_SANDBOX_PUBLIC_ORIGIN'] || `http://localhost:${port}`,
      TESSERA_SANDBOX_WEBHOOK_URL: sandboxWebhookUrl(given.ports.server),
      TESSERA_SANDBOX_WEBHOOK_EVENTS: (await webhookTypesOf('stripe')).join(','),
    },
  }
}

function webPlan(given: Given): ChildPlan {
  const isShop = isProduction(readSettings(given.env))
  return {
    name: 'The web app',
    script: join(given.root, 'apps/web/server.mjs'),
    ...accountOf(given),
    env: {
      ...environmentOf.web(given.env),
      ...shared(given),
      TESSERA_WEB_PORT: String(given.ports.web),
      // With a public origin the checkout states that nobody is charged.
      TESSERA_PAYMENTS: isShop && given.ports.sandbox !== null ? 'simulated' : undefined,
      TESSERA_API_ORIGIN: `http://127.0.0.1:${given.ports.server}`,
    },
  }
}

/** In development the web process compiles what it serves. */
async function build({ env, root, data_dir, tell, account }: Given, stop: AbortSignal): Promise<boolean> {
  if (env['TESSERA_WEB_DEV'] === '1') return true
  const built = await buildWeb({ root, log_file: join(data_dir, 'web-build.log'), tell, stop })
  // The web process reads its build and keeps its cache in it.
  if (built && account !== null) await handOver(account, [join(root, 'apps/web/.next')])
  return built
}
