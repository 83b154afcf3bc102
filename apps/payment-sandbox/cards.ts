import type Stripe from 'stripe'
import { NO_BILLING_DETAILS } from './blanks.ts'

/** Why a bank said no, in the words of Stripe's error codes. */
export type Decline = {
  code: 'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error'
  decline_code: string
  message: string
}

/** How one of Stripe's published test cards behaves. `number` is what a person types on the card page. */
export type Card = {
  name: string
  number: string
  brand: 'visa' | 'mastercard' | 'amex'
  funding: 'credit' | 'debit'
  challenge: boolean
  decline: Decline | null
  /** The charge succeeds and is disputed at once. */
  disputed: boolean
  /** How a refund of it goes: settled at once, pending first, or returned by the bank later. */
  refund: 'succeeds' | 'pending' | 'fails'
}

const DECLINED: Decline = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' }
const decline = (decline_code: string, message = DECLINED.message): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
})

const BY_NAME: ReadonlyMap<string, Card> = new Map(
  [
    card('pm_card_visa', '4242424242424242'),
    card('pm_card_visa_debit', '4000056655665556', { funding: 'debit' }),
    card('pm_card_mastercard', '5555555555554444', { brand: 'mastercard' }),
    card('pm_card_amex', '378282246310005', { brand: 'amex' }),
    card('pm_card_chargeDeclined', '4000000000000002', { decline: DECLINED }),
    card('pm_card_visa_chargeDeclined', '4000000000000002', { decline: DECLINED }),
    card('pm_card_chargeDeclinedInsufficientFunds', '4000000000009995', {
      decline: decline('insufficient_funds', 'Your card has insufficient funds.'),
    }),
    card('pm_card_chargeDeclinedLostCard', '4000000000009987', { decline: decline('lost_card') }),
    card('pm_card_chargeDeclinedStolenCard', '4000000000009979', { decline: decline('stolen_card') }),
    card('pm_card_chargeDeclinedExpiredCard', '4000000000000069', {
      decline: { code: 'expired_card', decline_code: 'expired_card', message: 'Your card has expired.' },
    }),
    card('pm_card_chargeDeclinedIncorrectCvc', '4000000000000127', {
      decline: {
        code: 'incorrect_cvc',
        decline_code: 'incorrect_cvc',
        message: "Your card's security code is incorrect.",
      },
    }),
    card('pm_card_chargeDeclinedProcessingError', '4000000000000119', {
      decline: {
        code: 'processing_error',
        decline_code: 'processing_error',
        message: 'An error occurred while processing your card. Try again in a little bit.',
      },
    }),
    card('pm_card_authenticationRequired', '4000002500003155', { challenge: true }),
    card('pm_card_threeDSecure2Required', '4000000000003220', { challenge: true }),
    card('pm_card_threeDSecureRequired', '4000000000003063', { challenge: true }),
    card('pm_card_threeDSecureRequiredChargeDeclined', '4000008400001629', { challenge: true, decline: DECLINED }),
    card('pm_card_createDispute', '4000000000000259', { disputed: true }),
    card('pm_card_pendingRefund', '4000000000007726', { refund: 'pending' }),
    card('pm_card_refundFail', '4000000000005126', { refund: 'fails' }),
  ].map((each) => [each.name, each]),
)
const BY_NUMBER: ReadonlyMap<string, Card> = new Map([...BY_NAME.values()].reverse().map((each) => [each.number, each]))
const BY_FINGERPRINT: ReadonlyMap<string, Card> = new Map(
  [...BY_NAME.values()].map((each) => [fingerprintOf(each), each]),
)

function card(name: string, number: string, behaviour: Partial<Card> = {}): Card {
  return {
    name,
    number,
    brand: 'visa',
    funding: 'credit',
    challenge: false,
    decline: null,
    disputed: false,
    refund: 'succeeds',
    ...behaviour,
  }
}

/** The card behind a test token such as `pm_card_visa`; undefined for one that Stripe does not publish either. */
export function cardNamed(name: string): Card | undefined {
  return BY_NAME.get(name)
}

/** The card behind a typed number; undefined for any that is not a published test card. */
export function cardNumbered(number: string): Card | undefined {
  return BY_NUMBER.get(number)
}

/** The card that a charge was made with, found again by the fingerprint the charge shows. */
export function cardFingerprinted(fingerprint: string): Card | undefined {
  return BY_FINGERPRINT.get(fingerprint)
}

/** The payment method that a card becomes once it is attached to an intent. */
export function paymentMethodOf(card: Card, id: string, created: number): Stripe.PaymentMethod {
  return {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: NO_BILLING_DETAILS,
    card: {
      brand: card.brand,
      checks: CVC_PASSED,
      country: 'US',
      display_brand: card.brand,
      ...expiry(created),
      fingerprint: fingerprintOf(card),
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  }
}

/** The card as a charge describes it. */
export function chargedCard(
  card: Card,
  amount: number,
  created: number,
  authenticated: boolean,
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: card.decline === null ? amount : null,
    authorization_code: card.decline === null ? '123456' : null,
    brand: card.brand,
    checks: card.decline?.code === 'incorrect_cvc' ? CVC_FAILED : CVC_PASSED,
    country: 'US',
    ...expiry(created),
    extended_authorization: DISABLED,
    fingerprint: fingerprintOf(card),
    funding: card.funding,
    incremental_authorization: UNAVAILABLE,
    installments: null,
    last4: card.number.slice(-4),
    mandate: null,
    multicapture: UNAVAILABLE,
    network: card.brand,
    network_token: NO_NETWORK_TOKEN,
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: authenticated ? AUTHENTICATED : null,
    transaction_link_id: null,
    wallet: null,
  }
}

const CVC_PASSED = { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' }
const CVC_FAILED = { address_line1_check: null, address_postal_code_check: null, cvc_check: 'fail' }
const DISABLED = { status: 'disabled' } as const
const UNAVAILABLE = { status: 'unavailable' } as const
const NO_NETWORK_TOKEN = { used: false }
const AUTHENTICATED: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
}

/** Stripe's test cards are valid until some years from now; the same card always has the same fingerprint. */
function expiry(created: number): { exp_month: number; exp_year: number } {
  return { exp_month: 12, exp_year: new Date(created * 1000).getUTCFullYear() + 4 }
}

function fingerprintOf(card: Card): string {
  return `fp${card.number.slice(0, 6)}${card.number.slice(-4)}test`
}
