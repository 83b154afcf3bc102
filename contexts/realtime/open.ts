import type { Deps, Services } from './deps.ts'
import { Hub } from './hub.ts'
import { Views } from './views.ts'

export async function open(services: Services): Promise<Deps> {
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
