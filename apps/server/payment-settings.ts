import { randomBytes } from 'node:crypto'
import { ConfigError, flag, type readConfig, text, url, whole } from '#platform/config'
import type { ContextConfigs } from './contexts.ts'

/** The settings of the payment providers, and of the sandbox that stands in for one. */
export const paymentVariables = {
  stripe_api_base: url({
    name: 'STRIPE_API_BASE',
    meaning: 'Where Stripe’s API is',
    default: null,
    default_text: 'https://api.stripe.com with a key, else the sandbox beside us',
  }),
  stripe_secret_key: text({
    name: 'STRIPE_SECRET_KEY',
    meaning: 'Stripe’s secret key',
    default: null,
    default_text: 'the sandbox’s',
    secret: true,
  }),
  stripe_webhook_secret: text({
    name: 'STRIPE_WEBHOOK_SECRET',
    meaning: 'The signing secret of webhooks, also used by the sandbox',
    default: null,
    default_text: 'the sandbox’s',
    secret: true,
  }),
  simulated_payments: flag({
    name: 'TESSERA_SIMULATED_PAYMENTS',
    meaning: 'With `NODE_ENV=production` and no Stripe key, or a test key: sell for simulated money nevertheless',
    default: false,
  }),
  sandbox_port: whole(
    { name: 'TESSERA_SANDBOX_PORT', meaning: 'The port of the payment sandbox', default: 3010 },
    0,
    65_535,
  ),
}

type PaymentSettings = ReturnType<typeof readConfig<typeof paymentVariables>>

/** What each configured provider's adapter is given. */
export function paymentProviders(settings: PaymentSettings): ContextConfigs['payment']['payment_providers'] {
  return { stripe: stripeSettings(settings) }
}

/** True when buyers pay real money. */
export function movesMoney({ stripe_secret_key: key }: Pick<PaymentSettings, 'stripe_secret_key'>): boolean {
  return key !== null && !isTestKey(key)
}

/** True for Stripe's keys that move no money: `sk_test_…`, `rk_test_…`. */
function isTestKey(key: string): boolean {
  return /^[a-z]{2}_test_/.test(key)
}

const STRIPE_API_BASE = 'https://api.stripe.com'
/** The key that the sandbox accepts when none is configured. */
const SANDBOX_KEY = 'sk_test_sandbox'

/**
 * The payment provider: Stripe over TLS when a key is given, otherwise the given address, otherwise the local sandbox.
 * Refused: a live key over plain HTTP, and Stripe without a key.
 */
function stripeSettings(settings: PaymentSettings): { api_base: string; secret_key: string; webhook_secret: string } {
  const { stripe_api_base, stripe_secret_key, stripe_webhook_secret, sandbox_port } = settings
  const without_base = stripe_secret_key === null ? `http://127.0.0.1:${sandbox_port}` : STRIPE_API_BASE
  const api_base = stripe_api_base ?? without_base
  const secret_key = stripe_secret_key ?? SANDBOX_KEY
  const plain = new URL(api_base).protocol !== 'https:'
  if (plain && !isTestKey(secret_key)) {
    throw new ConfigError('STRIPE_SECRET_KEY is not a test key: it is never sent over plain HTTP (STRIPE_API_BASE)')
  }
  if (!plain && stripe_secret_key === null) throw new ConfigError('STRIPE_API_BASE is given without STRIPE_SECRET_KEY')
  return { api_base, secret_key, webhook_secret: stripe_webhook_secret ?? '' }
}

/** True when payments are simulated: only the sandbox is reached over plain HTTP. */
export function isSimulated(settings: PaymentSettings): boolean {
  return new URL(stripeSettings(settings).api_base).protocol === 'http:'
}

/**
 * Refuses to run in production where no money moves (simulated payments, or a test key, for which test cards pay): tickets
 * would be given away. Unless that is wanted and said.
 */
export function requirePayments(settings: PaymentSettings & { node_env: string | null }): void {
  if (settings.node_env !== 'production' || settings.simulated_payments || movesMoney(settings)) return
  throw new ConfigError(
    'NODE_ENV=production without a live key of a payment provider: no money would move and tickets be handed out for ' +
      'nothing. Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or TESSERA_SIMULATED_PAYMENTS=1 to do so on purpose.',
  )
}

type Env = Readonly<Record<string, string | undefined>>

/** True when the environment names a provider; otherwise `npm start` brings the sandbox. */
export function namesProvider(env: Env): boolean {
  return Boolean(env['STRIPE_SECRET_KEY'] || env['STRIPE_API_BASE'])
}

/** What the server and the sandbox that `npm start` brings know of each other: secrets of this start, unless given. */
export function sandboxSecrets(env: Env): Record<string, string> {
  return {
    STRIPE_SECRET_KEY: env['STRIPE_SECRET_KEY'] || `sk_test_${randomBytes(16).toString('hex')}`,
    STRIPE_WEBHOOK_SECRET: env['STRIPE_WEBHOOK_SECRET'] || `whsec_${randomBytes(24).toString('base64url')}`,
  }
}

/** The server's address of the sandbox. */
export function sandboxAddress(port: number): Record<string, string> {
  return { STRIPE_API_BASE: `http://127.0.0.1:${port}`, TESSERA_SANDBOX_PORT: String(port) }
}

/** Where the sandbox sends its webhooks. */
export function sandboxWebhookUrl(server_port: number): string {
  return `http://127.0.0.1:${server_port}/api/v1/webhooks/stripe`
}
