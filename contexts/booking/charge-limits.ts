import type { ChargeLimits } from '@tessera/contracts/pricing/chargeable'
import type { PaymentRpc } from '@tessera/contracts/rpc/payment'
import type { Telemetry } from '#platform/telemetry'

/** They change only with the provider's adapter, so with a restart of payment. */
const FRESH_MS = 60_000
const RETRY_MS = 5_000

type Services = { rpc: { payment: Pick<PaymentRpc, 'charge_limits'> }; telemetry: Pick<Telemetry, 'log'> }

/**
 * What the payment provider can charge, so that no hold asks payment. While payment is unavailable the last answer
 * counts, and without any (null) no order is refused for its total.
 */
export class KnownChargeLimits {
  readonly #services: Services
  #known: ChargeLimits | null = null
  #next_ask_ms = 0
  #asking: Promise<ChargeLimits | null> | undefined

  constructor(services: Services) {
    this.#services = services
  }

  /** At once, except for the first answer. */
  get(): ChargeLimits | null | Promise<ChargeLimits | null> {
    if (performance.now() < this.#next_ask_ms) return this.#known
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#known ?? this.#asking
  }

  async #ask(): Promise<ChargeLimits | null> {
    try {
      this.#known = await this.#services.rpc.payment.charge_limits()
      this.#next_ask_ms = performance.now() + FRESH_MS
    } catch (error) {
      this.#services.telemetry.log.warn(
        { err: error },
        'payment does not say what can be charged; it will be asked again',
      )
      this.#next_ask_ms = performance.now() + RETRY_MS
    }
    return this.#known
  }
}
