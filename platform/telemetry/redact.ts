const REDACTED = '[redacted]'

/** Names of query parameters whose values are capabilities (their bearer may use them): by their last word, whoever's. */
const SECRET_NAME = String.raw`(?:access|code|[\w.-]{0,100}(?:secret|token|signature|password)|(?:[\w.-]{0,100}[_.-])?(?:api)?key)`
const IS_SECRET_NAME = new RegExp(`^${SECRET_NAME}$`, 'i')
/** Path segments that are followed by a capability; `checkout` only below a payment (the key of `checkout_url`). */
const BEFORE_SECRET = String.raw`/(?:invitations|queue|transfers|gift-cards|payments/[\w~.%-]{1,100}/checkout)/`
const SECRET_SEGMENT = new RegExp(String.raw`(${BEFORE_SECRET})[\w~.%-]{8,}`, 'g')
/** A name and a value as in an address, alone or within a text. */
const PAIR = /(^|[?&;]|%3f|%26|\s)([\w%.-]{1,100})(=|%3d)([^&#;\s"'<>\\]+)/gi
/** A whole address in a value, with one of the names in its query. */
const NESTED = new RegExp(`[?&;]${SECRET_NAME}=`, 'i')
const MAY_HOLD_SECRET = new RegExp(`=|%3d|${BEFORE_SECRET}`, 'i')

/**
 * The text without the secrets of addresses in it: the values of order links, tokens and codes, also in an address
 * encoded in the query of another (`?next=%2Forders%2F…%3Faccess%3D…`).
 */
export function redactSecrets(text: string): string {
  if (!MAY_HOLD_SECRET.test(text)) return text
  return text
    .replace(SECRET_SEGMENT, `$1${REDACTED}`)
    .replace(PAIR, (pair: string, before: string, name: string, equals: string, value: string) => {
      const secret = IS_SECRET_NAME.test(decoded(name)) || NESTED.test(decoded(value))
      return secret ? `${before}${name}${equals}${REDACTED}` : pair
    })
}

/** Repeated until nothing is encoded any more: a sender may encode more than once. */
function decoded(text: string): string {
  let value = text
  for (let round = 0; round < 4 && value.includes('%'); round++) {
    try {
      value = decodeURIComponent(value)
    } catch {
      return value
    }
  }
  return value
}
