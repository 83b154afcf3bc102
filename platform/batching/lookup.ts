import { Batcher } from './batcher.ts'

const LIMITS = { batch_size_max: 256, in_flight_max: 2, overlap_after_ms: 20, queue_length_max: 20_000 }

/** Returns the value found under each key, or undefined. */
export type Lookup<Key, Found> = (key: Key) => Promise<Found | undefined>

/** Reads by key, many in one query: keys that arrive while a query is in flight share the next one. */
export function openLookup<Key, Found>(
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Found>>,
): Lookup<Key, Found> {
  const batcher = new Batcher<Key, Found | undefined>({
    ...LIMITS,
    run: async (keys) => {
      const found = await read([...new Set(keys)])
      return keys.map((key) => found.get(key))
    },
  })
  return (key) => batcher.submit(key)
}
