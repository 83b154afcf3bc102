import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Sandbox = AsyncDisposable & {
  origin: string
  /** One call of the sandbox's control API; resolves to its answer. */
  control<T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** Webhooks go to this address, signed by these. */
  aim(url: string | null, secrets: readonly string[]): Promise<void>
  /** Resolves when nothing of the sandbox's is due and no webhook is under way. */
  settled(): Promise<void>
  ledger(currency: string): Promise<ProviderLedger>
}

export type ProviderLedger = {
  captured: number
  refunded: number
  fees: number
  disputed: number
  dispute_fees: number
  balance: number
}

const MAIN = new URL('../../apps/payment-sandbox/main.ts', import.meta.url)

/** The payment sandbox as a process of its own, on any free port, memory only. */
export async function startSandboxProcess(): Promise<Sandbox> {
  const child = fork(fileURLToPath(MAIN), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '', TESSERA_SANDBOX_PORT: '0', STRIPE_SECRET_KEY: 'sk_test_tessera' },
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code} before it served`)))
  })
  const origin = `http://127.0.0.1:${port}`
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${origin}/sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    origin,
    control,
    aim: (url, secrets) => control('POST', '/endpoint', { url, secrets }),
    settled: () => control('POST', '/settle'),
    ledger: async (currency) => {
      const { items } = await control<{ items: (ProviderLedger & { currency: string })[] }>('GET', '/ledger')
      const line = items.find((item) => item.currency === currency.toLowerCase())
      return line ?? { captured: 0, refunded: 0, fees: 0, disputed: 0, dispute_fees: 0, balance: 0 }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}
