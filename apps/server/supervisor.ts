import { Child, type ChildPlan, type FirstStart, type Tell } from './children.ts'

export type Database = { url: string; stop(within_ms: number): Promise<void> }

/** The process tree of the product. `null`: that part is not run here (provided externally, or absent). */
export type ProductPlan = {
  database: () => Promise<Database>
  sandbox: ChildPlan | null
  /** `build` builds the app and resolves to whether that succeeded; it stops early when the signal aborts. */
  web: { build: (stop: AbortSignal) => Promise<boolean>; child: ChildPlan } | null
  server: (database_url: string) => ChildPlan
}

export type PartStart = 'serving' | 'absent' | 'failed'

export type Product = {
  /** The server serves, or the reason why the product cannot run. */
  server: Promise<FirstStart>
  web: Promise<PartStart>
  sandbox: Promise<PartStart>
  pids(): { server: number | undefined; web: number | undefined; sandbox: number | undefined }
  /** Stops the server first (it drains, and still needs the others), PostgreSQL last. Within 10 s. */
  stop(): Promise<void>
}

/** Together below the 10 s of a stop. */
const SERVER_STOP_MS = 6_500
const OTHERS_STOP_MS = 2_000
const DATABASE_STOP_MS = 1_000

/** Starts everything at once, as far as dependencies allow, and keeps it running until stop(). */
export function superviseProduct(plan: ProductPlan, tell: Tell): Product {
  const stopping = new AbortController()
  const begin = (child: ChildPlan) => new Child(child, tell)
  const serves = async (child: Child, without: string): Promise<PartStart> => {
    const first = await child.first
    if (first.kind === 'failed') tell(`${first.reason}. ${without}`)
    return first.kind === 'ready' ? 'serving' : 'failed'
  }

  const sandbox = plan.sandbox && begin(plan.sandbox)
  const sandbox_serving = sandbox
    ? serves(sandbox, 'Nothing can be paid until it runs.')
    : Promise.resolve<PartStart>('absent')
  const database = plan.database()
  let server: Child | null = null
  let web: Child | null = null

  const serving = database.then(
    ({ url }): Promise<FirstStart> => {
      if (stopping.signal.aborted) return Promise.resolve({ kind: 'stopped' })
      server = begin(plan.server(url))
      return server.first
    },
    (error: unknown): FirstStart => ({
      kind: 'failed',
      reason: error instanceof Error ? error.message : String(error),
    }),
  )
  const buildAndServe = async ({ build, child }: NonNullable<ProductPlan['web']>): Promise<PartStart> => {
    if (!(await build(stopping.signal)) || stopping.signal.aborted) return 'failed'
    web = begin(child)
    return serves(web, 'The API runs without it.')
  }
  const web_serving: Promise<PartStart> = plan.web ? buildAndServe(plan.web) : Promise.resolve('absent')

  const stop = async () => {
    stopping.abort()
    await server?.stop(SERVER_STOP_MS)
    await Promise.all([web?.stop(OTHERS_STOP_MS), sandbox?.stop(OTHERS_STOP_MS)])
    await database.then((started) => started.stop(DATABASE_STOP_MS)).catch(() => undefined)
  }
  const pids = () => ({ server: server?.pid, web: web?.pid, sandbox: sandbox?.pid })
  return { server: serving, web: web_serving, sandbox: sandbox_serving, pids, stop }
}
