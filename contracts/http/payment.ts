import { type Static, Type } from 'typebox'
import { Money } from './money.ts'

/** Neither blank nor control, nor what nobody sees. Written without classes that only some dialects of patterns know. */
const ADDRESS_PART = String.raw`[^\s@\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+`
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: `^${ADDRESS_PART}@${ADDRESS_PART}$` })
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

export const CheckoutParams = Type.Object({ payment_id: Id, checkout_key: Id })
export const CheckoutResponse = Type.Object({})

/** `return_url` must be on this origin. Guests give `email` (and, if they like, a name for the tickets). */
export const CreateIntentRequest = Type.Object(
  {
    booking_id: Id,
    provider: Type.Optional(Type.String({ maxLength: 32 })),
    return_url: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
    email: Type.Optional(Email),
    holder: Type.Optional(
      Type.Object(
        // Many people have one name.
        { first_name: Name, last_name: Type.Optional(Type.String({ maxLength: 100 })) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type CreateIntentRequest = Static<typeof CreateIntentRequest>

export const CreateIntentResponse = Type.Object({
  payment_id: Type.String(),
  provider: Type.String(),
  /** For the provider's own element in the browser; null with a provider that has none. */
  client_secret: Type.Union([Type.String(), Type.Null()]),
  /** For the buyer's browser: leads to the payment provider's own page, and back to `return_url` once it is paid. */
  checkout_url: Type.String(),
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
  /** What the buyer's bank still wants: `redirect_to_url.url` is where to go. */
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

/**
 * What became of a payment:
 * - `open`: nothing has been charged; it can still be paid;
 * - `action_required`: the buyer's bank waits for a step; nothing has been charged yet;
 * - `processing`: the provider has not said yet; money may have been charged;
 * - `declined`: the last attempt was refused (`failure_code`); nothing was charged; another method may be tried;
 * - `closed`: given up after the hold ended; nothing was charged and nothing will be;
 * - `settling`: charged; the booking is being confirmed;
 * - `confirmed`: charged, and the booking was confirmed by this payment;
 * - `given_back`: charged, but it could not buy the booking (`settlement` says why); `refunds` shows the way back.
 */
export const PaymentOutcome = Type.Union([
  Type.Literal('open'),
  Type.Literal('action_required'),
  Type.Literal('processing'),
  Type.Literal('declined'),
  Type.Literal('closed'),
  Type.Literal('settling'),
  Type.Literal('confirmed'),
  Type.Literal('given_back'),
])

/**
 * Why money was kept or given back; null while none has come. `seats_gone`: the booking could not be confirmed any more
 * (`settlement_reason` says why). `paid_otherwise`: another payment had confirmed the booking, or the money was on an
 * intent beside the payment's own.
 */
export const SettlementVerdict = Type.Union([
  Type.Literal('pending'),
  Type.Literal('confirmed'),
  Type.Literal('seats_gone'),
  Type.Literal('paid_otherwise'),
  Type.Literal('amount_mismatch'),
  Type.Literal('unknown_booking'),
])

/**
 * Why a payment found its seats gone, decided as it arrived:
 * - `taken`: the hold had ended, and some of the seats or of the general-admission quantity were not free any more;
 * - `released`: the hold had been released;
 * - `cancelled`: the booking had been paid by another payment, and cancelled;
 * - `event_cancelled`: the event was cancelled;
 * - `event_over`: the performance had ended;
 * - `person_limit`: the hold had ended, and with what the buyer has since bought or on hold, the booking exceeds a limit per
 *   person.
 */
export const SettlementReason = Type.Union([
  Type.Literal('taken'),
  Type.Literal('released'),
  Type.Literal('cancelled'),
  Type.Literal('event_cancelled'),
  Type.Literal('event_over'),
  Type.Literal('person_limit'),
])

/**
 * Where a refund stands:
 * - `pending`: reserved, and sent or about to be sent to the provider;
 * - `awaiting_dispute`: the buyer's bank has taken the payment into dispute; paid when the dispute is won;
 * - `succeeded`: the provider has paid it;
 * - `returned`: the buyer's bank sent it back; the organizer has been asked to resolve it (a refund case is open);
 * - `refunded_elsewhere`: it was returned, and the organizer has paid it in another way;
 * - `superseded`: the dispute was lost, so the bank itself gave the money back;
 * - `failed`: the provider refused it at once; nothing was promised.
 */
export const RefundState = Type.Union([
  Type.Literal('pending'),
  Type.Literal('awaiting_dispute'),
  Type.Literal('succeeded'),
  Type.Literal('returned'),
  Type.Literal('refunded_elsewhere'),
  Type.Literal('superseded'),
  Type.Literal('failed'),
])

export const RefundReason = Type.Union([
  Type.Literal('late_payment'),
  Type.Literal('duplicate_payment'),
  Type.Literal('cancellation'),
  Type.Literal('event_cancelled'),
  Type.Literal('requested'),
])

export const RefundSummary = Type.Object({
  id: Type.String(),
  amount: Money,
  reason: RefundReason,
  state: RefundState,
  created_at: Type.String(),
  settled_at: Type.Union([Type.String(), Type.Null()]),
})

export const paymentFields = {
  provider: Type.String(),
  status: PaymentStatus,
  amount: Money,
  /** What the provider has taken from the buyer; zero means that nothing was charged so far. */
  captured: Money,
  refunded: Money,
  outcome: PaymentOutcome,
  settlement: Type.Union([SettlementVerdict, Type.Null()]),
  /** Of `seats_gone`; null with every other settlement, and for a payment settled before reasons were recorded. */
  settlement_reason: Type.Union([SettlementReason, Type.Null()]),
  failure_code: Type.Union([Type.String(), Type.Null()]),
  refunds: Type.Array(RefundSummary),
}

export const PaymentResponse = Type.Object({ id: Type.String(), booking_id: Type.String(), ...paymentFields })
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

export const RefundCaseParams = Type.Object({ event_id: Id })

/** Refunds that a buyer's bank returned and that somebody of the organization must resolve. */
export const RefundCases = Type.Object({
  items: Type.Array(
    Type.Object({
      refund_id: Type.String(),
      payment_id: Type.String(),
      booking_id: Type.String(),
      amount: Money,
      reason: RefundReason,
      error: Type.String(),
      opened_at: Type.String(),
    }),
  ),
  next_cursor: Type.Null(),
})
export type RefundCases = Static<typeof RefundCases>

/** `retry` asks the provider again; `refunded_elsewhere` records that the buyer has the money by another way. */
export const RefundCaseResolution = Type.Object(
  {
    refund_id: Id,
    how: Type.Union([Type.Literal('retry'), Type.Literal('refunded_elsewhere')]),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  },
  { additionalProperties: false },
)
export type RefundCaseResolution = Static<typeof RefundCaseResolution>

export const ResolvedRefundCase = Type.Object({
  refund_id: Type.String(),
  payment_id: Type.String(),
  status: Type.Union([
    Type.Literal('pending'),
    Type.Literal('succeeded'),
    Type.Literal('failed'),
    Type.Literal('superseded'),
  ]),
})

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
