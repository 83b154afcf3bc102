import type { Secrets } from '#platform/auth'

/** The header in which the web process identifies the visitor for whom it renders. */
export const VISITOR_HEADER = 'x-tessera-visitor'

/** Time for rendering a page. */
const PASS_LIFE_S = 60

export type VisitorPasses = {
  /** A pass for the visitor at this address, who has been counted against their quota. */
  issue(address: string): string
  /** The visitor's address; null for a pass that is invalid or expired. */
  read(pass: string): string | null
}

/**
 * Rendering a page makes several API requests. The web process gets a pass with each page request and sends it along:
 * so these requests count as the visitor's, the page is counted once, and no other process on this machine can claim an
 * address. A pass never leaves the machine.
 */
export function createVisitorPasses(secrets: Secrets, now_ms: () => number = Date.now): VisitorPasses {
  return {
    issue: (address) => {
      const subject = `${Math.floor(now_ms() / 1_000) + PASS_LIFE_S}|${address}`
      return `${subject}|${secrets.tokenFor('visitor-pass', subject)}`
    },
    read: (pass) => {
      const [expires_s = '', address = '', token = ''] = pass.split('|')
      const fits = secrets.tokenFits('visitor-pass', `${expires_s}|${address}`, token)
      return fits && Number(expires_s) * 1_000 > now_ms() ? address : null
    },
  }
}
