import { startSandbox, toStderr } from './sandbox.ts'

const PORT_DEFAULT = 3010
const EXIT_LIMIT_MS = 1900

/** The sandbox as a process of its own. It ends on SIGTERM or SIGINT, and when the process that forked it is gone. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const port = Number(env['TESSERA_SANDBOX_PORT'] ?? PORT_DEFAULT)
  const secret_key = env['STRIPE_SECRET_KEY']
  const base = env['STRIPE_API_BASE']
  if (base !== undefined && new URL(base).port !== String(port)) {
    throw new Error(`STRIPE_API_BASE is ${base}: the sandbox never runs beside another payment provider`)
  }
  const sandbox = await startSandbox({
    port,
    host: env['TESSERA_SANDBOX_HOST'],
    public_origin: env['TESSERA_SANDBOX_PUBLIC_ORIGIN'] ?? (port === 0 ? undefined : `http://localhost:${port}`),
    secret_keys: secret_key === undefined ? undefined : [secret_key],
    data_dir: env['TESSERA_DATA_DIR'],
    webhook_url: env['TESSERA_SANDBOX_WEBHOOK_URL'],
    webhook_events: env['TESSERA_SANDBOX_WEBHOOK_EVENTS']?.split(','),
    webhook_secrets: (env['STRIPE_WEBHOOK_SECRET'] ?? '').split(',').filter((secret) => secret !== ''),
  })
  const stop = (): void => {
    setTimeout(() => process.exit(0), EXIT_LIMIT_MS).unref()
    sandbox.close().then(() => process.exit(0), fail)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, stop)
  // A supervisor tells people itself.
  if (process.send === undefined) process.stdout.write(`Payment sandbox on ${sandbox.origin}\n`)
  process.send?.({ ready: true, port: sandbox.port })
}

function fail(error: unknown): never {
  toStderr(error)
  process.exit(1)
}

main(process.env).catch(fail)
