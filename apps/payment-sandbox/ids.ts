import { randomUUID } from 'node:crypto'

const PREFIXES = {
  pi: 'pi_3',
  ch: 'ch_3',
  re: 're_3',
  txn: 'txn_3',
  dp: 'dp_3',
  evt: 'evt_3',
  pm: 'pm_3',
  cs: 'cs_test_',
}

/** `length` random hexadecimal digits, at most 32. */
export function randomText(length: number): string {
  return randomUUID().replaceAll('-', '').slice(0, length)
}

/** An id of the form Stripe uses: a prefix that names the type, and 23 random characters. */
export function newId(prefix: keyof typeof PREFIXES): string {
  return PREFIXES[prefix] + randomText(23)
}
