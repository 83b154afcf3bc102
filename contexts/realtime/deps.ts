import type { ProductConfig } from '@tessera/contracts/config'
import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { Kit } from '#platform/context'
import { Hub } from './hub.ts'
import { Views } from './views.ts'

export type RealtimeKit = Kit<ContextRpc, ProductConfig, Permission>
export type RealtimeDeps = RealtimeKit & { views: Views; hub: Hub; leave(): void }

export async function openRealtime(kit: RealtimeKit): Promise<RealtimeDeps> {
  const views = new Views(kit.db, kit.rpc.catalog)
  const hub = new Hub({ views, log: kit.telemetry.log })
  const idOf = (data: unknown): string => (data as { performance_id: string }).performance_id
  const listening = [
    kit.signals.on('realtime.changed', (data) => hub.changed(idOf(data))),
    kit.signals.on('realtime.learnt', (data) => views.forget(idOf(data))),
    kit.onDrain(() => hub.close()),
  ]
  const readers = kit.telemetry.gauge('realtime_readers', 'Open seat streams in this process')
  const gauge = setInterval(() => readers.set(hub.readers()), 5_000)
  gauge.unref()
  const leave = (): void => {
    clearInterval(gauge)
    hub.close()
    for (const stop of listening) stop()
  }
  return { ...kit, views, hub, leave }
}
