import { setTimeout as delay } from 'node:timers/promises'
import { ConfigError } from '#platform/config'
import { isConnectionLoss } from '#platform/db'
import { announceReady, CANNOT_RUN_EXIT_CODE, onParentGone, onShutdownSignal } from '#platform/lifecycle'
import { TooFewConnectionsError } from '#platform/processes'
import { startTracing } from '#platform/telemetry'
import { Child } from './children.ts'
import { compose, migrateProduct } from './compose.ts'
import { isProduction, listenHost, readSettings, type Settings } from './config.ts'
import { prepareDemo } from './demo/ensure.ts'
import { isSimulated, requirePayments } from './payment-settings.ts'
import { warningsOf } from './warnings.ts'

// The server process: boot, drain, exit code.

/** How long open requests may take to finish when the process is stopped. */
const DRAIN_MS = 5_000
/**
 * How long the whole stop may take, with jobs, relay and pools; what is still open then is cut off and resumed later. The
 * supervisor waits 6.5 s.
 */
const STOP_MS_MAX = 6_000
const DATABASE_WAIT_MS_MAX = 15_000
const DATABASE_LOOK_AGAIN_MS = 25
/** `main.ts --worker 2`: one of several on the port; the process without it migrates and keeps them running. */
const WORKER = '--worker'

async function main(): Promise<void> {
  // Also when started by hand: the files of this process are private.
  process.umask(0o077)
  const settings = readSettings(process.env)
  requirePayments(settings)
  if (settings.otlp_endpoint !== null) await startTracing()
  const at = process.argv.indexOf(WORKER)
  if (at >= 0) return serve(settings, { worker: Number(process.argv[at + 1]) })
  await migratePatiently(settings)
  if (settings.processes > 1) return keepWorkers(settings)
  await serve(settings, { worker: null })
}

async function serve(settings: Settings, { worker }: { worker: number | null }): Promise<void> {
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
  const tell = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const first = worker === null || worker === 1
  if (first) for (const warning of warningsOf(settings)) tell(`WARNING: ${warning}`)
  const production = isProduction(settings)
  const with_sales = isSimulated(settings)
  const demo = await prepareDemo(product, { production, wanted: settings.demo, first, with_sales }, tell)
  await product.http.listen(settings.port, listenHost(settings), { shared: worker !== null })
  announceReady({ port: settings.port, demo_accounts: demo.accounts })
  await demo.sell()
}

/** Waits for a database that is starting, or recovering after a crash: ending and restarting takes longer. */
async function migratePatiently(settings: Settings): Promise<void> {
  const until_ms = performance.now() + DATABASE_WAIT_MS_MAX
  let told = false
  // The applied files matter to `npm run tessera -- migrate`; here it is one step of a start.
  const tellOnce = (): void => {
    if (!told) process.stdout.write('Preparing the database …\n')
    told = true
  }
  for (;;) {
    try {
      return await migrateProduct(settings, tellOnce)
    } catch (error) {
      if (!isConnectionLoss(error) || performance.now() > until_ms) throw error
      await delay(DATABASE_LOOK_AGAIN_MS)
    }
  }
}

/**
 * Several processes on one port, each with a listening socket of its own (SO_REUSEPORT): the system distributes
 * connections over them, and resets those of a killed process. No connection passes through this process, so none can
 * be left hanging in it.
 */
async function keepWorkers(settings: Settings): Promise<void> {
  const tell = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const workers = Array.from(
    { length: settings.processes },
    (_, n) =>
      new Child(
        {
          name: `Server process ${n + 1}`,
          script: import.meta.filename,
          args: [WORKER, String(n + 1)],
          env: process.env,
          node_flags: process.execArgv,
        },
        tell,
      ),
  )
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop(STOP_MS_MAX)))
    process.exit(0)
  }
  onShutdownSignal(() => void stop())
  onParentGone(() => void stop())
  const starts = await Promise.all(workers.map((worker) => worker.first))
  for (const start of starts) {
    if (start.kind === 'stopped') return
    if (start.kind === 'failed') {
      await Promise.all(workers.map((worker) => worker.stop(STOP_MS_MAX)))
      return fail(start.final === true ? new ConfigError(start.reason) : new Error(start.reason))
    }
  }
  announceReady({ port: settings.port, demo_accounts: settings.demo && !isProduction(settings) })
}

/** A configuration error is printed as one sentence and not retried. */
function fail(error: unknown): never {
  const final = error instanceof ConfigError || error instanceof TooFewConnectionsError
  const text = error instanceof Error ? (final ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(final ? CANNOT_RUN_EXIT_CODE : 1)
}

main().catch(fail)
