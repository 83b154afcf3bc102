import { type Static, Type } from 'typebox'
import { Money } from '../money.ts'

const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' })
const Id = Type.String({ minLength: 1, maxLength: 64 })
const Name = Type.String({ minLength: 1, maxLength: 100 })

export const PaymentStatus = Type.Union([
  Type.Literal('created'),
  Type.Literal('processing'),
  Type.Literal('requires_action'),
  Type.Literal('succeeded'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
  Type.Literal('partially_refunded'),
  Type.Literal('refunded'),
  Type.Literal('disputed'),
])

export const PaymentParams = Type.Object({ payment_id: Id })

/** `return_url` must be on this origin. Guests give `email` (and, if they like, a name for the tickets). */
export const CreateIntentRequest = Type.Object(
  {
    booking_id: Id,
    provider: Type.Optional(Type.String({ maxLength: 32 })),
    return_url: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
    email: Type.Optional(Email),
    holder: Type.Optional(Type.Object({ first_name: Name, last_name: Name }, { additionalProperties: false })),
  },
  { additionalProperties: false },
)
export type CreateIntentRequest = Static<typeof CreateIntentRequest>

export const CreateIntentResponse = Type.Object({
  payment_id: Type.String(),
  provider: Type.String(),
  /** For the provider's own element in the browser. */
  client_secret: Type.String(),
  /** A page on which the card can be entered, where there is one. */
  checkout_url: Type.Optional(Type.String()),
  status: PaymentStatus,
  amount: Money,
})
export type CreateIntentResponse = Static<typeof CreateIntentResponse>

export const ConfirmPaymentRequest = Type.Object(
  { payment_id: Id, payment_method: Type.String({ minLength: 1, maxLength: 255 }) },
  { additionalProperties: false },
)
export type ConfirmPaymentRequest = Static<typeof ConfirmPaymentRequest>

export const ConfirmPaymentResponse = Type.Object({
  payment_id: Type.String(),
  status: Type.Union([
    Type.Literal('succeeded'),
    Type.Literal('processing'),
    Type.Literal('requires_action'),
    Type.Literal('refunded'),
  ]),
  /** What the buyer's bank still wants, in the provider's words: `redirect_to_url.url` is where to go. */
  next_action: Type.Optional(
    Type.Object(
      {
        type: Type.String(),
        redirect_to_url: Type.Optional(
          Type.Object({
            url: Type.Union([Type.String(), Type.Null()]),
            return_url: Type.Union([Type.String(), Type.Null()]),
          }),
        ),
      },
      { additionalProperties: true },
    ),
  ),
  booking: Type.Object({ id: Type.String(), status: Type.String() }),
})
export type ConfirmPaymentResponse = Static<typeof ConfirmPaymentResponse>

export const PaymentResponse = Type.Object({
  id: Type.String(),
  booking_id: Type.String(),
  provider: Type.String(),
  status: PaymentStatus,
  amount: Money,
  refunded: Money,
})
export type PaymentResponse = Static<typeof PaymentResponse>

/** Without `amount` everything that is left goes back. */
export const RefundPaymentRequest = Type.Object(
  { amount: Type.Optional(Money), reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)
export type RefundPaymentRequest = Static<typeof RefundPaymentRequest>

/** `pending`: asked for, and the provider or the buyer's bank has not finished it. */
export const RefundPaymentResponse = Type.Object({
  id: Type.String(),
  payment_id: Type.String(),
  status: Type.Union([Type.Literal('pending'), Type.Literal('succeeded')]),
  amount: Money,
  reason: Type.String(),
  payment: PaymentResponse,
})
export type RefundPaymentResponse = Static<typeof RefundPaymentResponse>

export const WebhookResponse = Type.Object({ received: Type.Literal(true) })

/** Debits are positive, credits negative; `sum` is over all accounts of the currency and must be zero. */
export const TrialBalanceResponse = Type.Object({
  checked_at: Type.String(),
  currencies: Type.Array(
    Type.Object({
      currency: Type.String(),
      accounts: Type.Array(Type.Object({ account: Type.String(), debit: Money, credit: Money, balance: Money })),
      sum: Money,
    }),
  ),
})
export type TrialBalanceResponse = Static<typeof TrialBalanceResponse>
