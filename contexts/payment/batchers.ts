import { Batcher } from '#platform/batching'
import type { Db } from '#platform/db'
import { type CaptureBatcher, captureAll } from './apply-intent.ts'
import { type AttemptBatcher, openAttempts } from './attempts.ts'
import { type IntentBatchers, insertPayments, recordIntents } from './open-intent.ts'
import { recordConfirmed, type SettlementBatcher } from './settle.ts'
import type { EventBatcher } from './webhooks/receive.ts'
import { type HeardEvent, recordEvents } from './webhooks/record.ts'

/** The writes of the happy path, each shared by all who make it at the same moment. */
export type Batchers = IntentBatchers & AttemptBatcher & CaptureBatcher & SettlementBatcher & EventBatcher

/** A statement joins small lists by loops: beyond this they would cost more than they save. */
const LIMITS = {
  batch_size_max: 64,
  in_flight_max: 2,
  overlap_after_ms: 20,
  queue_length_max: 20_000,
  split_on_failure: true,
}

/** `published` nudges the relay after a batch that told facts. */
export function openBatchers(db: Db, published: () => void): Batchers {
  return {
    insert: new Batcher({ ...LIMITS, run: (items) => insertPayments(db, items) }),
    record: new Batcher({ ...LIMITS, run: (items) => recordIntents(db, items) }),
    attempt: new Batcher({ ...LIMITS, run: (items) => openAttempts(db, items) }),
    capture: new Batcher({ ...LIMITS, run: (items) => captureAll(db, published, items) }),
    confirmed: new Batcher({ ...LIMITS, run: (items) => recordConfirmed(db, items) }),
    event: new Batcher({ ...LIMITS, run: (items) => recordDelivered(db, items) }),
  }
}

async function recordDelivered(db: Db, events: readonly HeardEvent[]): Promise<void[]> {
  await recordEvents(db, 'delivery', events)
  return events.map(() => undefined)
}
