import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import type { Deps, TicketingConfig } from './deps.ts'
import { TicketPrinter } from './print/ticket-printer.ts'
import { removeVoidPrints } from './prints.ts'
import { openSeatPositions } from './seat-positions.ts'
import { ensureSigningKey, openSigningKeys } from './signing-keys.ts'

export async function open(services: ContextServices<ContextRpc, TicketingConfig, Permission>): Promise<Deps> {
  const { db, access, secrets, rpc, config } = services
  const { log } = services.telemetry
  await ensureSigningKey({ db, secrets })
  const { signals, storage } = services
  const printer = new TicketPrinter(storage)
  const stopRemoving = await removeVoidPrints({ db, signals, storage })
  return {
    db,
    access,
    secrets,
    booking: rpc.booking,
    checkin: rpc.checkin,
    identity: rpc.identity,
    seatPositions: openSeatPositions(rpc.catalog, log),
    signingKeys: openSigningKeys({ db, secrets }),
    printer,
    storage,
    signals,
    public_origin: config.public_origin,
    log,
    close: async () => {
      stopRemoving()
      await printer.close()
    },
  }
}
