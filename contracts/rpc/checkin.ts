export type RevokeOutcome = { kind: 'revoked' } | { kind: 'admitted'; ticket_ids: string[] }

export type CheckinRpc = {
  /** Makes tickets unusable at the door, all or none: refused when one of them is inside. Idempotent. */
  revoke(input: { booking_id: string; ticket_ids: string[] }): Promise<RevokeOutcome>
  /** Which of these tickets have been used. */
  used(input: { ticket_ids: string[] }): Promise<string[]>
}
