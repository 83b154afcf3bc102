import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import {
  idOf,
  KEY,
  refusalOf,
  SECRET,
  startReceiver,
  startRunning,
  stripeFor,
} from '../../tests/payment-sandbox.fixture.ts'

const sale = { amount: 1000, currency: 'eur' } as const
const CRASHES = 4
const WORKERS = 8

async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sandbox-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

type Process = AsyncDisposable & { child: ChildProcess; port: number }

async function startProcess(env: Record<string, string>): Promise<Process> {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [message] = await once(child, 'message')
  return {
    child,
    port: message.port,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('what was answered survives a restart: objects, totals, keys, what is hidden', async () => {
  await using folder = await tempFolder()
  const options = { data_dir: folder.path, refund_settle_ms: 10 }
  let charge = ''
  let waiting = ''
  {
    await using running = await startRunning(options)
    const paid = await running.stripe.paymentIntents.create(
      { ...sale, confirm: true, payment_method: 'pm_card_visa', return_url: 'https://t.test/' },
      { idempotencyKey: 'k' },
    )
    charge = idOf(paid.latest_charge)
    await running.stripe.refunds.create({ payment_intent: paid.id, amount: 300 })
    const late = await running.stripe.paymentIntents.create(sale)
    await running.control.late(late.id, { after_ms: 1, outcome: 'succeed' })
    await running.stripe.paymentIntents.confirm(late.id, { payment_method: 'pm_card_visa' })
    const pending = await running.stripe.paymentIntents.create({ ...sale, payment_method: 'pm_card_visa' })
    waiting = pending.id
  }
  await using running = await startRunning(options)
  const { stripe, control } = running
  await control.settle()
  const replayed = await stripe.paymentIntents.create(
    { ...sale, confirm: true, payment_method: 'pm_card_visa', return_url: 'https://t.test/' },
    { idempotencyKey: 'k' },
  )
  expect(replayed).toMatchObject({ latest_charge: charge })
  expect(replayed.lastResponse.headers).toMatchObject({ 'idempotent-replayed': 'true' })
  expect(await refusalOf(stripe.refunds.create({ charge, amount: 701 }))).toMatchObject({ param: 'amount' })
  expect(await stripe.paymentIntents.confirm(waiting)).toMatchObject({ status: 'succeeded' })
  expect(control.ledger()).toMatchObject([{ captured: 3000, refunded: 300, fees: 120 }])
})

test('a second process is refused the state that the first one uses', async () => {
  await using folder = await tempFolder()
  await using running = await startRunning({ data_dir: folder.path })
  await running.stripe.paymentIntents.create(sale)
  await expect(startRunning({ data_dir: folder.path })).rejects.toThrow('locked')
})

test('undelivered events go out after a restart', async () => {
  await using folder = await tempFolder()
  {
    await using running = await startRunning({ data_dir: folder.path, webhook_url: 'http://127.0.0.1:9/' })
    await running.stripe.paymentIntents.create(sale)
  }
  await using receiver = await startReceiver()
  await using running = await startRunning({ data_dir: folder.path, webhook_url: receiver.url })
  await running.control.settle()
  expect(receiver.types()).toEqual(['payment_intent.created'])
})

test('kill -9 under load, again and again: nothing answered is lost, nothing is charged twice', async () => {
  await using folder = await tempFolder()
  await using receiver = await startReceiver()
  const env = {
    TESSERA_DATA_DIR: folder.path,
    TESSERA_SANDBOX_WEBHOOK_URL: receiver.url,
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_SECRET_KEY: KEY,
    TESSERA_SANDBOX_PORT: '0',
  }
  const acknowledged = new Map<string, string>()
  const tried = new Set<string>()
  for (let crash = 0; crash < CRASHES; crash += 1) {
    await using running = await startProcess(env)
    const stripe = stripeFor(running.port)
    const enough = acknowledged.size + 40
    const worker = async (name: number): Promise<void> => {
      for (let n = 0; running.child.signalCode === null; n += 1) {
        const key = `${crash}-${name}-${n}`
        tried.add(key)
        const paid = await pay(stripe, key).catch(() => null)
        if (paid === null) return
        acknowledged.set(key, paid.id)
        if (acknowledged.size >= enough) running.child.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: WORKERS }, (_, name) => worker(name)))
    await running[Symbol.asyncDispose]()
  }
  await using running = await startRunning({ data_dir: folder.path, webhook_url: receiver.url })
  const { stripe, control } = running
  for (const [key, id] of acknowledged) {
    expect(await stripe.paymentIntents.retrieve(id), key).toMatchObject({ status: 'succeeded' })
  }
  // Whoever got no answer asks again under the same key, and so learns what happened.
  for (const key of tried) expect(await pay(stripe, key)).toMatchObject({ status: 'succeeded' })
  expect(acknowledged.size).toBeGreaterThanOrEqual(CRASHES * 40)
  expect(control.objects('charges', 100_000)).toHaveLength(tried.size)
  expect(control.ledger()).toMatchObject([{ captured: tried.size * 1000 }])
  await control.settle()
  const told = new Set(
    receiver.seen.flatMap(({ event }) => (event?.type === 'payment_intent.succeeded' ? [event.id] : [])),
  )
  expect(told.size).toBe(tried.size)
}, 90_000)

function pay(stripe: Stripe, key: string): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create(
    { ...sale, confirm: true, payment_method: 'pm_card_visa' },
    { idempotencyKey: key },
  )
}

test('the process says when it is ready, and ends on SIGTERM and when its parent is gone', async () => {
  const terminated = await startProcess({ TESSERA_SANDBOX_PORT: '0' })
  terminated.child.kill('SIGTERM')
  expect(await once(terminated.child, 'exit')).toEqual([0, null])
  const orphan = await startProcess({ TESSERA_SANDBOX_PORT: '0' })
  orphan.child.disconnect()
  expect(await once(orphan.child, 'exit')).toEqual([0, null])
})
