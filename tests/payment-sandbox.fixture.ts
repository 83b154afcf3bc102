import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { type Sandbox, type SandboxOptions, startSandbox } from '../apps/payment-sandbox/sandbox.ts'

export const SECRET = 'whsec_test_of_the_sandbox'
export const KEY = 'sk_test_tessera'

/** What a receiver saw: the raw request, and the event if the SDK accepts its signature. */
export type Seen = { event: Stripe.Event | null; body: string; signature: string; status: number }

export type Receiver = AsyncDisposable & {
  url: string
  seen: Seen[]
  /** The types of the genuine events in the order of their arrival. */
  types: () => string[]
  /** Decides the answer to the n-th request (from 1); default: 200 when the signature holds, else 400; 0 = never. */
  answer: (decide: (seen: Seen, n: number) => number) => void
}

/** A webhook endpoint that verifies with the official SDK. */
export async function startReceiver(secret = SECRET): Promise<Receiver> {
  const seen: Seen[] = []
  let decide: (seen: Seen, n: number) => number = ({ event }) => (event === null ? 400 : 200)
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const signature = String(request.headers['stripe-signature'])
    const one = { event: verified(body, signature, secret), body, signature, status: 0 }
    seen.push(one)
    one.status = decide(one, seen.length)
    if (one.status !== 0) response.writeHead(one.status).end()
  }
  const server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    seen,
    types: () => seen.flatMap(({ event }) => (event === null ? [] : [event.type])),
    answer: (decision) => {
      decide = decision
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function verified(body: string, signature: string, secret: string): Stripe.Event | null {
  try {
    return stripeFor(1).webhooks.constructEvent(body, signature, secret)
  } catch {
    return null
  }
}

/** The official SDK, aimed at a sandbox. Retries are off so that tests see every answer. */
export function stripeFor(port: number, config: Stripe.StripeConfig = {}, key = KEY): Stripe {
  return new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, ...config })
}

export type Running = AsyncDisposable & { sandbox: Sandbox; stripe: Stripe; control: Sandbox['control'] }

export async function startRunning(options: SandboxOptions = {}): Promise<Running> {
  const sandbox = await startSandbox({ webhook_secrets: [SECRET], secret_keys: [KEY], ...options })
  return {
    sandbox,
    stripe: stripeFor(sandbox.port),
    control: sandbox.control,
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}

/** The error that a promise is expected to end in, as the SDK's own type. */
export async function refusalOf(promise: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('This should have been refused')
}

/** The id in a reference, whether the SDK has it expanded or not. */
export function idOf(reference: string | { id: string } | null): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}
