import type { Permission } from '@tessera/contracts/permissions'
import type { ContextRpc } from '@tessera/contracts/rpc/contexts'
import type { ContextServices } from '#platform/context'
import { Hub } from './hub.ts'
import { Views } from './views.ts'

export type RealtimeServices = ContextServices<ContextRpc, null, Permission>
export type RealtimeDeps = RealtimeServices & { views: Views; hub: Hub; leave(): void }

export async function openRealtime(services: RealtimeServices): Promise<RealtimeDeps> {
  const views = new Views(services.db, services.rpc.catalog)
  const hub = new Hub({ views, log: services.telemetry.log })
  const idOf = (data: unknown): string => (data as { performance_id: string }).performance_id
  const listening = [
    services.signals.on('realtime.changed', (data) => hub.changed(idOf(data))),
    services.signals.on('realtime.learnt', (data) => {
      const { performance_id, event_id } = data as { performance_id: string; event_id: string }
      views.forget(performance_id, event_id)
    }),
    services.onDrain(() => hub.close()),
  ]
  const readers = services.telemetry.gauge('realtime_readers', 'Open seat streams in this process')
  const gauge = setInterval(() => readers.set(hub.readers()), 5_000)
  gauge.unref()
  const leave = (): void => {
    clearInterval(gauge)
    hub.close()
    for (const stop of listening) stop()
  }
  return { ...services, views, hub, leave }
}
