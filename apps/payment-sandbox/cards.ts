/** Why a bank refuses, in Stripe's error codes. */
export type Decline = { code: string; decline_code: string; message: string }

/** How one of Stripe's published test cards behaves. `number` is what a person types on the card page. */
export type Card = {
  name: string
  number: string
  brand: 'visa' | 'mastercard' | 'amex'
  challenge: boolean
  decline: Decline | null
  /** The charge succeeds and is disputed at once. */
  disputed: boolean
  /** What becomes of a refund: it succeeds at once, is pending first, or is returned by the bank later. */
  refund: 'succeeds' | 'pending' | 'fails'
}

const MESSAGES: Readonly<Record<string, string>> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
}
/** Declines whose error code is their own decline code; all others are `card_declined`. */
const OWN_CODES = ['expired_card', 'incorrect_cvc', 'processing_error']
export const DECLINED = decline('generic_decline')

const CARDS = [
  card('pm_card_visa', '4242424242424242'),
  card('pm_card_mastercard', '5555555555554444', { brand: 'mastercard' }),
  card('pm_card_amex', '378282246310005', { brand: 'amex' }),
  card('pm_card_chargeDeclined', '4000000000000002', { decline: DECLINED }),
  card('pm_card_chargeDeclinedInsufficientFunds', '4000000000009995', { decline: decline('insufficient_funds') }),
  card('pm_card_chargeDeclinedLostCard', '4000000000009987', { decline: decline('lost_card') }),
  card('pm_card_chargeDeclinedStolenCard', '4000000000009979', { decline: decline('stolen_card') }),
  card('pm_card_chargeDeclinedExpiredCard', '4000000000000069', { decline: decline('expired_card') }),
  card('pm_card_chargeDeclinedIncorrectCvc', '4000000000000127', { decline: decline('incorrect_cvc') }),
  card('pm_card_chargeDeclinedProcessingError', '4000000000000119', { decline: decline('processing_error') }),
  card('pm_card_authenticationRequired', '4000002500003155', { challenge: true }),
  card('pm_card_threeDSecure2Required', '4000000000003220', { challenge: true }),
  card('pm_card_threeDSecureRequiredChargeDeclined', '4000008400001629', { challenge: true, decline: DECLINED }),
  card('pm_card_createDispute', '4000000000000259', { disputed: true }),
  card('pm_card_pendingRefund', '4000000000007726', { refund: 'pending' }),
  card('pm_card_refundFail', '4000000000005126', { refund: 'fails' }),
]

function decline(decline_code: string): Decline {
  const code = OWN_CODES.includes(decline_code) ? decline_code : 'card_declined'
  return { code, decline_code, message: MESSAGES[decline_code] ?? 'Your card was declined.' }
}

function card(name: string, number: string, behaviour: Partial<Card> = {}): Card {
  return {
    name,
    number,
    brand: 'visa',
    challenge: false,
    decline: null,
    disputed: false,
    refund: 'succeeds',
    ...behaviour,
  }
}

/** The card behind a test token such as `pm_card_visa`; undefined for one that Stripe does not publish either. */
export function cardNamed(name: string | null): Card | undefined {
  return CARDS.find((each) => each.name === name)
}

/** The card behind a typed number; undefined for any that is not a published test card. */
export function cardNumbered(number: string): Card | undefined {
  return CARDS.find((each) => each.number === number)
}

/** The card as a charge or a payment method shows it: Stripe's test cards are valid until some years from now. */
export function cardOf({ brand, number }: Card, now: number) {
  return {
    brand,
    funding: 'credit',
    last4: number.slice(-4),
    country: 'US',
    exp_month: 12,
    exp_year: new Date(now * 1000).getUTCFullYear() + 4,
  }
}
