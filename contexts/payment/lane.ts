import { isConnectionLoss, UnknownOutcomeError } from '#platform/db'

/** Takes one, does many: what arrives while a batch is under way goes with the next. */
export type Lane<Item, Result> = { submit(item: Item): Promise<Result> }

type Waiting<Item, Result> = { item: Item; resolve(result: Result): void; reject(error: unknown): void }

export type LaneOptions<Item, Result> = {
  /** All or nothing, and safe to repeat; answers in the order of the items. */
  run(items: readonly Item[]): Promise<readonly Result[]>
  batch_size_max: number
  /** Batches under way at once. */
  in_flight_max: number
}

/**
 * Natural batches: no timer, an item that comes alone goes alone at once. A statement's round trip is what a purchase
 * costs most here (a socket write is dearer than all the rest of it), so under load many share one. Modes: idle →
 * in flight (one or more batches under way, newcomers wait) → idle. A batch that the database refuses is repeated one by
 * one, so that one bad item fails alone; after a lost connection nothing is repeated here, each caller knows its key.
 */
export function openLane<Item, Result>(options: LaneOptions<Item, Result>): Lane<Item, Result> {
  let waiting: Waiting<Item, Result>[] = []
  let in_flight = 0

  const pump = (): void => {
    while (waiting.length > 0 && in_flight < options.in_flight_max) {
      const batch = waiting.slice(0, options.batch_size_max)
      waiting = waiting.slice(batch.length)
      in_flight++
      void settle(batch).finally(() => {
        in_flight--
        pump()
      })
    }
  }

  const settle = async (batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await options.run(batch.map(({ item }) => item))
      for (const [index, one] of batch.entries()) one.resolve(results[index] as Result)
    } catch (error) {
      const alone = batch.length === 1 || isConnectionLoss(error) || error instanceof UnknownOutcomeError
      if (alone) for (const one of batch) one.reject(error)
      else for (const one of batch) await settle([one])
    }
  }

  return {
    submit: (item) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        pump()
      }),
  }
}
