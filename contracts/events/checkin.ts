export type Admitted = { checkin_id: string; ticket_id: string; performance_id: string; admitted_at: string }

/** Keyed by ticket. */
export type CheckinEvents = {
  'checkin.admitted': Admitted
  'checkin.undone': { checkin_id: string; ticket_id: string; performance_id: string }
}
