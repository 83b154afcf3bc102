import type { Permission } from '@tessera/contracts/permissions'
import { problem } from '@tessera/contracts/problems'
import { Type } from 'typebox'
import type { Relay } from '#platform/bus'
import { answer, decodeCursor, type Http, limitOf, PageQuery, page, pageOf } from '#platform/http'

const LetterParams = Type.Object({ letter_id: Type.String({ maxLength: 64 }) })
const LetterQuery = Type.Object(PageQuery)
const Letter = Type.Object({
  id: Type.String(),
  consumer: Type.String(),
  event_id: Type.String(),
  topic: Type.String(),
  key: Type.String(),
  payload: Type.Unknown(),
  error: Type.String(),
  occurred_at: Type.String(),
  parked_at: Type.String(),
})
const Redriven = Type.Object({ id: Type.String(), consumer: Type.String(), event_id: Type.String() })

const PATH = '/api/v1/admin/dead-letters'
const LETTER_ID = /^\d{1,15}$/

/** Dead letters: admins list them and redrive one. */
export function deadLetterRoutes(http: Http<Permission>, { letters }: Pick<Relay, 'letters'>): void {
  http.route(
    {
      method: 'GET',
      url: PATH,
      id: 'listDeadLetters',
      summary: 'Events that a consumer failed to handle, oldest first',
      tag: 'Operating',
      access: 'integrity:read',
      query: LetterQuery,
      responses: { 200: page(Letter) },
      problems: ['malformed-request'],
    },
    async ({ query }) => {
      const limit = limitOf(query)
      const [after] = query.cursor === undefined ? ['0'] : (decodeCursor(query.cursor, 1) ?? [])
      if (!LETTER_ID.test(String(after))) return problem('malformed-request', 'This cursor is not one of ours.')
      const found = await letters.list({ after: String(after), limit: limit + 1 })
      const { items, next_cursor } = pageOf(found, limit, (letter) => [letter.id])
      const next = new URLSearchParams({ limit: String(limit), cursor: next_cursor ?? '' })
      return answer(
        200,
        { items, next_cursor },
        {
          'cache-control': 'no-store',
          ...(next_cursor === null ? {} : { link: `<${PATH}?${next}>; rel="next"` }),
        },
      )
    },
  )

  http.route(
    {
      method: 'POST',
      url: `${PATH}/:letter_id/redrive`,
      id: 'redriveDeadLetter',
      summary: 'Redrive one dead letter: its consumer handles the event again, now and alone',
      tag: 'Operating',
      access: 'dead-letters:redrive',
      params: LetterParams,
      responses: { 200: Redriven },
      problems: ['not-found', 'conflict'],
    },
    async ({ params: { letter_id } }) => {
      if (!LETTER_ID.test(letter_id)) return problem('not-found')
      const outcome = await letters.redrive(letter_id)
      switch (outcome.kind) {
        case 'taken':
          return answer(200, { id: letter_id, consumer: outcome.consumer, event_id: outcome.event_id })
        case 'failed':
          return problem('conflict', `${outcome.consumer} failed again: ${outcome.error}`)
        case 'unknown':
          return problem('not-found')
      }
    },
  )
}
