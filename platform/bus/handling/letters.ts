import { type Db, isOutage } from '#platform/db'
import type { Consumer } from '../consumer.ts'
import type { Deliveries } from '../deliveries.ts'
import { openInbox } from './inbox.ts'
import { type DeadLetter, discardLetter, findLetter, listLetters, noteLetterFailure } from './retries.ts'
import { messageOf } from './subscriber.ts'

export type RedriveOutcome =
  | { kind: 'taken'; consumer: string; event_id: string }
  | { kind: 'failed'; consumer: string; event_id: string; error: string }
  | { kind: 'unknown' }

export type Letters = {
  /** Oldest first, after the letter `after`. */
  list(page?: { after?: string; limit?: number }): Promise<DeadLetter[]>
  /**
   * Redrives one letter: its consumer handles the event now, alone, in this process. It is not ordered among later
   * events of its key. On success the letter is deleted; otherwise it stays with the new error. Throws on an outage,
   * which says nothing about the event.
   */
  redrive(letter_id: string): Promise<RedriveOutcome>
}

const LETTERS_MAX = 200

export function openLetters(options: {
  relay_db: Db
  consumers: readonly { consumer: Consumer; db: Db }[]
  deliveries: Deliveries
}): Letters {
  const { relay_db, consumers, deliveries } = options
  return {
    list: ({ after = '0', limit = LETTERS_MAX } = {}) => listLetters(relay_db, { after, limit }),
    redrive: async (letter_id) => {
      const letter = await findLetter(relay_db, letter_id)
      if (letter === undefined) return { kind: 'unknown' }
      const { consumer: name, ...event } = letter
      const { event_id } = event
      const own = consumers.find((one) => one.consumer.name === name)
      if (own === undefined)
        return { kind: 'failed', consumer: name, event_id, error: `There is no consumer ${name} any more` }
      try {
        const inbox = openInbox(own)
        await inbox.begin()
        await inbox.take([event])
      } catch (error) {
        if (isOutage(error)) throw error
        await noteLetterFailure(relay_db, letter_id, messageOf(error))
        return { kind: 'failed', consumer: name, event_id, error: messageOf(error) }
      }
      await discardLetter(relay_db, letter_id)
      deliveries.took(name, [event_id])
      return { kind: 'taken', consumer: name, event_id }
    },
  }
}
