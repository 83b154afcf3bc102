import { type Static, Type } from 'typebox'
import { Money } from './money.ts'

const State = Type.Union([Type.Literal('held'), Type.Literal('sold'), Type.Literal('blocked')])

/** Every seat that is not available, and the counts by tier. `version` is also the entity tag. */
export const SeatsDocument = Type.Object({
  version: Type.Integer(),
  total: Type.Integer(),
  seats: Type.Record(Type.String(), State),
  tiers: Type.Record(
    Type.String(),
    Type.Object({ available: Type.Integer(), held: Type.Integer(), sold: Type.Integer() }),
  ),
})
export type SeatsDocument = Static<typeof SeatsDocument>

/** What is left, by performance and tier. `held` may come back. Tariffs of one category share its seats. */
export const Availability = Type.Object({
  event_id: Type.String(),
  performances: Type.Array(
    Type.Object({
      performance_id: Type.String(),
      status: Type.String(),
      total: Type.Integer(),
      sold: Type.Integer(),
      held: Type.Integer(),
      available: Type.Integer(),
      tiers: Type.Array(
        Type.Object({
          tier_id: Type.String(),
          name: Type.String(),
          total: Type.Integer(),
          sold: Type.Integer(),
          held: Type.Integer(),
          available: Type.Integer(),
          price: Money,
        }),
      ),
    }),
  ),
})
export type Availability = Static<typeof Availability>

export const AvailabilityQuery = Type.Object({
  event_ids: Type.String({ minLength: 1, maxLength: 4_000, description: 'Up to 100 event ids, separated by commas' }),
})

/** How the sales of several events stand, for the cards of a list. Unknown events are left out. */
export const SaleSummaries = Type.Object({
  items: Type.Array(
    Type.Object({
      event_id: Type.String(),
      state: Type.Union([
        Type.Literal('available'),
        Type.Literal('few'),
        Type.Literal('all_held'),
        Type.Literal('sold_out'),
        Type.Literal('not_yet'),
        Type.Literal('ended'),
      ]),
      /** The lowest price that can be paid now; null when nothing can be bought. */
      from_price: Type.Union([Money, Type.Null()]),
    }),
  ),
})
export type SaleSummaries = Static<typeof SaleSummaries>
