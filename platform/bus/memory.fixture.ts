import type { Envelope } from './consumer.ts'
import { contextOf, type Feed, type Subscription, type Transport } from './port.ts'

/**
 * An in-memory transport that does everything a transport may: it repeats, loses acknowledgements, and reorders keys.
 */
export type MemoryTransport = Transport & { publish(topic: string, key: string, payload: unknown): string }

type Log = Envelope[]

/** `random` decides the faults: returns a number from 0 up to but without 1. */
export function openMemoryTransport(random: () => number): MemoryTransport {
  const logs = new Map<string, Log>()
  const offsets = new Map<string, number>()
  const logOf = (source: string): Log => {
    const log = logs.get(source) ?? []
    logs.set(source, log)
    return log
  }
  const open = ({ consumer, source, topics }: Subscription): Feed => {
    const name = `${consumer} ${source}`
    const log = logOf(source)
    let read_from = 0
    let read_to = 0
    return {
      read: async (limit) => {
        read_from = offsets.get(name) ?? 0
        read_to = Math.min(log.length, read_from + Math.ceil(random() * limit))
        const again = Math.max(0, read_from - Math.floor(random() * 3))
        const events = log.slice(again, read_to).filter((event) => topics.includes(event.topic))
        return { events: mixKeys(events, random), more: read_to < log.length, read_again_ms: null }
      },
      acknowledge: async () => {
        if (random() < 0.7 && (offsets.get(name) ?? 0) === read_from) offsets.set(name, read_to)
      },
      drained: async () => (offsets.get(name) ?? 0) >= log.length,
    }
  }
  return {
    open,
    rewind: async (_owner, consumer) => {
      for (const name of offsets.keys()) if (name.startsWith(`${consumer} `)) offsets.set(name, 0)
    },
    publish: (topic, key, payload) => {
      const event_id = crypto.randomUUID()
      const occurred_at = new Date().toISOString()
      logOf(contextOf(topic)).push({ event_id, topic, key, payload, occurred_at, traceparent: null })
      return event_id
    },
  }
}

/** Reorders events of different keys, and keeps the order within each. */
function mixKeys(events: readonly Envelope[], random: () => number): Envelope[] {
  const queues = [...Map.groupBy(events, (event) => event.key).values()]
  const mixed: Envelope[] = []
  while (mixed.length < events.length) {
    const open = queues.filter((queue) => queue.length > 0)
    const next = open[Math.floor(random() * open.length)]?.shift()
    if (next !== undefined) mixed.push(next)
  }
  return mixed
}
