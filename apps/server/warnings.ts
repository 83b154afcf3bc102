import { isProduction, isPublic, type Settings } from './config.ts'
import { isSimulated, movesMoney } from './payment-settings.ts'

/** What an operator should know about settings that are allowed, but meant for a machine of their own; a sentence each. */
export function warningsOf(settings: Settings): string[] {
  const { public_origin } = settings
  const warnings: string[] = []
  if (isPublic(settings) && isSimulated(settings))
    warnings.push('payments are simulated, nobody is charged. Set STRIPE_SECRET_KEY to sell for real money.')
  else if (isPublic(settings) && !movesMoney(settings))
    warnings.push('STRIPE_SECRET_KEY is a test key: anybody can pay with a test card, and nobody is charged.')
  if (isPublic(settings) && public_origin?.startsWith('http:') === true)
    warnings.push('TESSERA_PUBLIC_ORIGIN is plain HTTP: passwords and sessions can be read on the way.')
  if (isProduction(settings) && !isPublic(settings))
    warnings.push(
      'production without TESSERA_PUBLIC_ORIGIN: it listens on every address, serves /metrics and /docs, and lets ' +
        'everybody publish, as on a machine of your own.',
    )
  if (isProduction(settings) && !settings.rate_limits)
    warnings.push(
      'TESSERA_RATE_LIMITS=off: one person can hold every seat and make any number of accounts and requests.',
    )
  return warnings
}
