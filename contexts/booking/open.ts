import { BY_KEY } from '#platform/db'
import { KnownChargeLimits } from './charge-limits.ts'
import { ConfirmKeys } from './confirm-keys.ts'
import type { Deps, Services } from './deps.ts'
import { HoldLimits } from './hold-limits.ts'
import { AvailabilityCache } from './inventory/availability-cache.ts'
import { HoldBatcher } from './inventory/batcher.ts'
import { ClaimCheck } from './inventory/claim-check.ts'
import { DatabaseClock } from './inventory/database-clock.ts'
import { KeyLookup, loadKnownKeys } from './inventory/key-lookup.ts'
import { KnownKeys } from './inventory/known-keys.ts'
import { type SeatsOf, signalParts } from './inventory/taken-seats.ts'
import { OnSaleStore } from './on-sale-store.ts'
import { openBookingReads } from './read.ts'
import { openSettlements } from './settle.ts'
import { openSalesStreams } from './stream-sales.ts'

/** The number of hold batches in flight. */
const BATCH_CONNECTIONS = 2

type SeatsSignal = { taken: SeatsOf[]; until_ms: number | null }

/** Opens the inventory: the pool of hold batches, the availability cache and its feeds, the filter of known keys. */
export async function open(services: Services): Promise<Deps> {
  const { db, signals, config, telemetry } = services
  const clock = new DatabaseClock()
  const on_sale = new OnSaleStore(db, clock)
  const keys = new KnownKeys(() => config.several_processes)
  const availability = new AvailabilityCache({
    clock,
    loadClaims: (performance_no) => on_sale.claims(performance_no),
    onError: (error) => telemetry.log.warn({ err: error }, 'the availability cache could not be loaded; it will retry'),
  })
  // One signal for the seats of a batch. JSON has no Infinity: null is sold.
  const onTaken = (taken: readonly SeatsOf[], until_ms: number): void => {
    if (!config.several_processes) return
    for (const part of signalParts(taken))
      signals.send('booking.seats', { taken: part, until_ms: until_ms === Infinity ? null : until_ms })
  }
  signals.on('booking.seats', (data) => {
    const { taken, until_ms } = data as SeatsSignal
    for (const { performance_no, seats } of taken) availability.took(performance_no, seats, until_ms ?? Infinity)
  })
  signals.on('booking.performance-changed', (data) =>
    on_sale.forget((data as { performance_id: string }).performance_id),
  )
  const onFreed = (performance_no: number, seats: readonly number[]): void => {
    if (seats.length === 0) return
    availability.freed(performance_no, seats)
    onTaken([{ performance_no, seats }], 0)
  }
  const pool = services.openDedicatedPool({ connections_max: BATCH_CONNECTIONS, settings: BY_KEY })
  const batcher = new HoldBatcher({
    pool,
    hold_seconds: config.hold_seconds,
    availability,
    clock,
    keys,
    onTaken,
    onPublished: () => services.published(['booking.held']),
  })
  let stopped = false
  if (!config.several_processes) {
    loadKnownKeys(db, keys, () => stopped).catch((error: unknown) =>
      telemetry.log.warn({ err: error }, 'known keys could not be loaded; refusals will look up their keys'),
    )
  }
  const length_gauge = telemetry.gauge('booking_hold_queue_length', 'Holds waiting for a batch')
  const gauge_timer = setInterval(() => length_gauge.set(batcher.queueLength()), 5_000).unref()
  const sales_streams = openSalesStreams({ ...services, on_sale })
  return {
    ...services,
    sales_streams,
    on_sale,
    availability,
    batcher,
    settlements: openSettlements({ ...services, availability, onTaken }),
    confirm_keys: new ConfirmKeys(db),
    reads: openBookingReads(db),
    keys,
    clock,
    charge_limits: new KnownChargeLimits(services),
    lookup: new KeyLookup(db),
    hold_limits: config.rate_limits ? new HoldLimits({ db, hold_seconds: config.hold_seconds }) : null,
    claim_check: new ClaimCheck(db),
    onTaken,
    onFreed,
    stop: () => {
      stopped = true
      sales_streams.close()
      clearInterval(gauge_timer)
    },
  }
}

/** Waits for work in progress. */
export async function close(deps: Deps): Promise<void> {
  deps.stop()
  await deps.batcher.drain()
  await deps.settlements.drain()
  await deps.confirm_keys.drain()
}
