import type { Queryable, Statement } from '#platform/db'

type Waiting = { promise: Promise<Map<string, number>>; ids: Set<string> }

/**
 * "Which version is this event at now?" for many askers at once, needed where several processes serve one port: another
 * one may have changed the event a moment ago.
 *
 * Modes: idle → asking (one query in flight; whoever comes now waits for the next, because the running one may have read
 * before their request began) → asking again or idle. So the database sees one small query a round trip, whatever comes.
 */
export class VersionDesk {
  readonly #db: Queryable
  readonly #statement: Statement
  #running: Promise<unknown> | undefined
  #next: Waiting | undefined

  constructor(db: Queryable, versions: Statement) {
    this.#db = db
    this.#statement = versions
  }

  /** The version committed at some moment after this call; undefined when the public knows no such event. */
  async current(event_id: string): Promise<number | undefined> {
    this.#next ??= this.#schedule()
    this.#next.ids.add(event_id)
    return (await this.#next.promise).get(event_id)
  }

  #schedule(): Waiting {
    const ids = new Set<string>()
    const after = this.#running ?? Promise.resolve()
    const promise = after.then(() => {
      this.#next = undefined
      const asked = this.#ask([...ids])
      this.#running = asked.catch(() => undefined)
      return asked
    })
    return { promise, ids }
  }

  async #ask(event_ids: string[]): Promise<Map<string, number>> {
    const rows = await this.#db.many<{ id: string; version: number }>(this.#statement, { event_ids })
    return new Map(rows.map((row) => [row.id, row.version]))
  }
}
