import { Batcher } from '#platform/batching'
import { type Db, loadSql } from '#platform/db'

/** Seats of one performance. */
type Question = { performance_no: number; seats: readonly number[] }

const sql = loadSql(import.meta.url, ['still_taken'])
const LIMITS = { batch_size_max: 512, in_flight_max: 1, queue_length_max: 20_000 }

/**
 * Finds which of these seats have a live claim in the database. Another process may have released seats that this one's
 * availability cache has as taken, so with several processes no refusal is based on the cache alone.
 */
export class ClaimCheck {
  readonly #batcher: Batcher<Question, number[]>

  constructor(db: Db) {
    this.#batcher = new Batcher({ ...LIMITS, run: (questions) => takenOf(db, questions) })
  }

  stillTaken(performance_no: number, seats: readonly number[]): Promise<number[]> {
    return this.#batcher.submit({ performance_no, seats })
  }
}

async function takenOf(db: Db, questions: readonly Question[]): Promise<number[][]> {
  const rows = await db.many<{ question: number; seats: number[] }>(sql.still_taken, {
    performances: questions.map((question) => question.performance_no),
    seats: questions.map((question) => `{${question.seats.join(',')}}`),
  })
  const taken = new Map(rows.map((row) => [row.question, row.seats]))
  return questions.map((_question, i) => taken.get(i + 1) ?? [])
}
