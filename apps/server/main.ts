import cluster from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { isConnectionLoss } from '#platform/db'
import { announceReady, onParentGone, onShutdownSignal } from '#platform/lifecycle'
import { startTracing } from '#platform/telemetry'
import { compose, migrateProduct } from './compose.ts'
import { isProduction, listenHost, readSettings, type Settings } from './config.ts'
import { ensureDemo, retireDemo } from './demo/ensure.ts'

/** The server process: boot, drain, exit code. Open requests get this long; */
const DRAIN_MS = 5_000
/** then jobs, relay and pools end; what has not ended by now is cut (the supervisor waits 6.5 s, and work is resumed). */
const STOP_MS_MAX = 6_000
const DATABASE_WAIT_MS_MAX = 15_000
const DATABASE_LOOK_AGAIN_MS = 25

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  if (settings.otlp_endpoint !== null) await startTracing()
  if (settings.processes > 1 && cluster.isPrimary) return leadWorkers(settings)
  await serve(settings)
}

async function serve(settings: Settings): Promise<void> {
  if (cluster.isPrimary) await migratePatiently(settings)
  const product = await compose(settings)
  const stop = (): void => {
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref()
    product.close(DRAIN_MS).then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  onShutdownSignal(stop)
  onParentGone(stop)
  await product.start()
  const first = cluster.isPrimary || cluster.worker?.id === 1
  const tell = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  // With the real Stripe nobody buys for show.
  const wanted = settings.demo && !isProduction(settings)
  if (isProduction(settings) && first) await retireDemo(product, tell)
  const demo = wanted && first ? await ensureDemo(product, tell, settings.card_page_origin !== null) : null
  await product.http.listen(settings.port, listenHost(settings))
  announceReady({ port: settings.port, demo_accounts: demo?.accounts ?? wanted })
  await demo?.sell()
}

/** A database that is just starting, or recovering after a crash, is waited for: to end and be started again takes longer. */
async function migratePatiently(settings: Settings): Promise<void> {
  const until_ms = performance.now() + DATABASE_WAIT_MS_MAX
  for (;;) {
    try {
      return await migrateProduct(settings, (message) => process.stdout.write(`${message}\n`))
    } catch (error) {
      if (!isConnectionLoss(error) || performance.now() > until_ms) throw error
      await delay(DATABASE_LOOK_AGAIN_MS)
    }
  }
}

/** Several processes on one port: the primary migrates and keeps its workers running. */
async function leadWorkers(settings: Settings): Promise<void> {
  await migratePatiently(settings)
  let stopping = false
  let ready = 0
  const stop = (): void => {
    stopping = true
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGTERM')
    const look = setInterval(() => {
      if (Object.keys(cluster.workers ?? {}).length > 0) return
      clearInterval(look)
      process.exit(0)
    }, 50)
  }
  onShutdownSignal(stop)
  onParentGone(stop)
  cluster.on('message', (_worker, message: unknown) => {
    if (typeof message !== 'object' || message === null || !('ready' in message)) return
    ready++
    if (ready === settings.processes)
      announceReady({ port: settings.port, demo_accounts: settings.demo && !isProduction(settings) })
  })
  cluster.on('exit', () => {
    if (!stopping) cluster.fork()
  })
  for (let i = 0; i < settings.processes; i++) cluster.fork()
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  process.exit(1)
}

main().catch(fail)
