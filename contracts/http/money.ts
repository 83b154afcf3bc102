import { type Static, Type } from 'typebox'

/** `Money` as documents and queries carry it. Apart from the arithmetic, which browsers load without a schema library. */
export const Money = Type.Object(
  { amount: Type.Integer(), currency: Type.String({ pattern: '^[A-Z]{3}$' }) },
  { additionalProperties: false },
)
export type Money = Static<typeof Money>
