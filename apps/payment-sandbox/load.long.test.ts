import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KEY, SECRET, startReceiver, stripeFor } from '../../tests/payment-sandbox.fixture.ts'

const PAYMENTS = 20_000
const BUYERS = 16

test('memory stays flat over 20,000 payments, and every one is told and booked', async () => {
  await using receiver = await startReceiver()
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      TESSERA_SANDBOX_PORT: '0',
      TESSERA_SANDBOX_WEBHOOK_URL: receiver.url,
      STRIPE_WEBHOOK_SECRET: SECRET,
      STRIPE_SECRET_KEY: KEY,
    },
  })
  try {
    const [{ port }] = await once(child, 'message')
    const stripe = stripeFor(port)
    const settle = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/sandbox/settle`, { method: 'POST' })
    const told = new Set<string>()
    const round = async (payments: number): Promise<number> => {
      let left = payments
      const buyer = async (): Promise<void> => {
        while (left > 0) {
          left -= 1
          await stripe.paymentIntents.create({
            amount: 1000,
            currency: 'eur',
            confirm: true,
            payment_method: 'pm_card_visa',
          })
        }
      }
      await Promise.all(Array.from({ length: BUYERS }, buyer))
      await settle()
      for (const { event } of receiver.seen.splice(0)) if (event !== null) told.add(event.id)
      return residentMb(child.pid ?? 0)
    }
    const begun = performance.now()
    const before = await round(PAYMENTS / 4)
    const after = await round((PAYMENTS * 3) / 4)
    const rate = Math.round(PAYMENTS / ((performance.now() - begun) / 1_000))
    process.stdout.write(`${rate} payments/s, ${before} MB after a quarter, ${after} MB at the end\n`)
    expect(told.size).toBe(3 * PAYMENTS)
    expect(after - before).toBeLessThan(100)
    const ledger = await (await fetch(`http://127.0.0.1:${port}/sandbox/ledger`)).json()
    expect(ledger).toMatchObject({ items: [{ currency: 'eur', captured: PAYMENTS * 1000, fees: PAYMENTS * 40 }] })
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}, 900_000)

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
