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
export function paymentMethodOf(card: Card, id: string, created: number): object {
  const { brand, funding } = card
  const shown = { brand, funding, last4: card.number.slice(-4), fingerprint: fingerprintOf(card), ...expiry(created) }
  return { id, object: 'payment_method', card: shown, created, livemode: false, metadata: {}, type: 'card' }
}

/** The card as a charge describes it. */
export function chargedCard(card: Card, created: number, authenticated: boolean) {
  const { brand, funding } = card
  return {
    brand,
    checks: { cvc_check: card.decline?.code === 'incorrect_cvc' ? 'fail' : 'pass' },
    country: 'US',
    ...expiry(created),
    fingerprint: fingerprintOf(card),
    funding,
    last4: card.number.slice(-4),
    network: brand,
    three_d_secure: authenticated ? { authentication_flow: 'challenge', result: 'authenticated' } : null,
    wallet: null,
  }
}

/** Stripe's test cards are valid until some years from now; the same card always has the same fingerprint. */
function expiry(created: number): { exp_month: number; exp_year: number } {
  return { exp_month: 12, exp_year: new Date(created * 1000).getUTCFullYear() + 4 }
}

function fingerprintOf(card: Card): string {
  return `fp${card.number.slice(0, 6)}${card.number.slice(-4)}test`
}
