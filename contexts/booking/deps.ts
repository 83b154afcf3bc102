import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import type { KnownChargeLimits } from './charge-limits.ts'
import type { ConfirmKeys } from './confirm-keys.ts'
import type { HoldLimits } from './hold-limits.ts'
import type { AvailabilityCache } from './inventory/availability-cache.ts'
import type { HoldBatcher } from './inventory/batcher.ts'
import type { ClaimCheck } from './inventory/claim-check.ts'
import type { DatabaseClock } from './inventory/database-clock.ts'
import type { KeyLookup } from './inventory/key-lookup.ts'
import type { KnownKeys } from './inventory/known-keys.ts'
import type { SeatsOf } from './inventory/taken-seats.ts'
import type { OnSaleStore } from './on-sale-store.ts'
import type { BookingReads } from './read.ts'
import type { Settlements } from './settle.ts'
import type { SalesStreams } from './stream-sales.ts'

/** Booking's slice of the settings. */
export type BookingConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
  /** How long a hold lasts. */
  hold_seconds: number
  /** False for load tests: no limits. */
  rate_limits: boolean
  /** True when other processes serve this installation too. It may become true at any time: read it at each use. */
  readonly several_processes: boolean
}

export type Services = ContextServices<ContextRpc, BookingConfig, Permission>

/** Dependencies shared by the context's routes, RPC, consumers and jobs; each use case names those it needs. */
export type Deps = Services & {
  on_sale: OnSaleStore
  availability: AvailabilityCache
  batcher: HoldBatcher
  settlements: Settlements
  sales_streams: SalesStreams
  confirm_keys: ConfirmKeys
  reads: BookingReads
  keys: KnownKeys
  clock: DatabaseClock
  charge_limits: KnownChargeLimits
  lookup: KeyLookup
  /** Null: no limits. */
  hold_limits: HoldLimits | null
  /** Checked while several processes write claims; a single process sees every release. */
  claim_check: ClaimCheck
  /** Signals seats that were taken until `until_ms` to other processes. */
  onTaken(taken: readonly SeatsOf[], until_ms: number): void
  /** Marks seats as free in the availability cache and signals it to other processes. */
  onFreed(performance_no: number, seats: readonly number[]): void
  stop(): void
}
