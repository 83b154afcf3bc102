import { domainToASCII, domainToUnicode } from 'node:url'

const LENGTH_MAX = 254
const LOCAL_BYTES_MAX = 64
/** RFC 5321 atoms and RFC 6531 letters; no quoted local parts, blanks, invisible or control characters. */
const LOCAL = /^[^\s@"(),:;<>[\\\]\p{Cc}\p{Cf}\p{Co}\p{Cn}]+$/u
const DOMAIN = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u

/**
 * An e-mail address in the form in which it is stored and compared: trimmed, NFC, lower case, international domains in
 * their own script. Undefined for an invalid address.
 */
export function normaliseEmail(typed: string): string | undefined {
  if (!typed.isWellFormed()) return undefined
  const address = typed.trim().normalize('NFC').toLowerCase()
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const typedDomain = address.slice(at + 1)
  if (at < 1 || !LOCAL.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..'))
    return undefined
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX || !DOMAIN.test(typedDomain)) return undefined
  const ascii = domainToASCII(typedDomain)
  if (ascii.length > 253 || /^[\d.]+$/.test(ascii) || !ascii.split('.').every(isLabel)) return undefined
  const normal = `${local}@${domainToUnicode(ascii)}`
  return normal.length <= LENGTH_MAX ? normal : undefined
}

/** RFC 1035 §2.3.1, in ASCII form. */
function isLabel(label: string): boolean {
  return label.length >= 1 && label.length <= 63 && !label.startsWith('-') && !label.endsWith('-')
}
