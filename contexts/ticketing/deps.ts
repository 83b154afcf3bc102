import type { Permission } from '@tessera/contracts/permissions'
import type { BookingRpc } from '@tessera/contracts/rpc/booking'
import type { CheckinRpc } from '@tessera/contracts/rpc/checkin'
import type { IdentityRpc } from '@tessera/contracts/rpc/identity'
import type { Access, Secrets } from '#platform/auth'
import type { Db } from '#platform/db'
import type { Signals } from '#platform/signals'
import type { Storage } from '#platform/storage'
import type { Log } from '#platform/telemetry'
import type { TicketPrinter } from './print/ticket-printer.ts'
import type { SeatPositions } from './seat-positions.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Ticketing's slice of the settings. */
export type TicketingConfig = {
  /** The one origin that browsers see, e.g. `http://localhost:3000`. */
  public_origin: string
}

/** Dependencies shared by ticketing's routes, RPC, consumers and jobs. */
export type Deps = {
  db: Db
  access: Access<Permission>
  secrets: Secrets
  booking: Pick<BookingRpc, 'order_link_fits'>
  checkin: Pick<CheckinRpc, 'used'>
  identity: Pick<IdentityRpc, 'person'>
  seatPositions: SeatPositions
  signingKeys: SigningKeys
  printer: TicketPrinter
  storage: Storage
  signals: Signals
  public_origin: string
  log: Log
  close(): Promise<void>
}
