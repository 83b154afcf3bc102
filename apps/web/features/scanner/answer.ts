import { fullName } from '@tessera/contracts/person-name'
import { readShortCode } from '@tessera/contracts/short-code'
import { readTicketCode, scannedText } from '@tessera/contracts/ticket-code'
import type { Checkin } from '../../api/bodies.ts'
import { isProblem } from '../../api/problem.ts'
import { problemText } from '../../api/problem-text.ts'
import { agoText, timeOf } from '../../ui/when.ts'

/** The one huge answer of the door. `tone` is colour, sound and vibration; the words say the same without them. */
export type DoorAnswer = {
  tone: 'admit' | 'refuse' | 'unsure' | 'undone'
  title: string
  lead: string | null
  detail: string | null
  next_step: string | null
  checkin_id: string | null
  /** The session has ended: nothing can be checked before signing in again. */
  signed_out?: true
}

export function admitted(checkin: Checkin): DoorAnswer {
  const name = checkin.holder && fullName(checkin.holder)
  const tier = checkin.ticket.tier.name
  return {
    tone: 'admit',
    title: 'Welcome',
    lead: checkin.seat?.label ?? tier,
    detail: [name, checkin.seat && tier].filter(Boolean).join(' · ') || null,
    next_step: null,
    checkin_id: checkin.checkin_id,
  }
}

/** Whose ticket a refusal is about: name and seat, as far as the server tells. */
function whose(members: Readonly<Record<string, unknown>>): string | null {
  const { holder, seat } = members as Partial<Pick<Checkin, 'holder' | 'seat'>>
  return [holder && fullName(holder), seat?.label].filter(Boolean).join(' · ') || null
}

/** How a code came in: a camera reads a QR code whole or not at all; hand scanners and hands may lose characters. */
export type Way = 'camera' | 'scanned' | 'typed'

/** A code of somebody else. */
const not_ours: DoorAnswer = {
  tone: 'refuse',
  title: 'Not ours',
  lead: 'This is not one of our codes.',
  detail: null,
  next_step: 'Ask for the ticket itself, not its payment receipt.',
  checkin_id: null,
}

/** A QR code that holds a short code: those are printed under the QR code, for typing only. */
const not_a_ticket: DoorAnswer = {
  tone: 'refuse',
  title: 'Not ours',
  lead: 'This square holds no ticket.',
  detail: null,
  next_step: 'Ask for the ticket as it was sent: its square is larger and finer.',
  checkin_id: null,
}

/** What is left of a signed code that lost characters: the letters and figures of its alphabet, and its dots. */
const PART_OF_CODE = /^(?=.*[A-Z])[A-Z1-7.]+$/

/**
 * Text that is no whole code. A part of one of ours says nothing about the ticket, so it is no refusal; a hand scanner
 * reads other things too (a price tag, a web address), and those are not ours.
 */
export function misread(text: string, way: 'scanned' | 'typed'): DoorAnswer {
  const code = scannedText(text)
  if (way === 'scanned' && readShortCode(code) !== null) return not_a_ticket
  if (way === 'scanned' && !PART_OF_CODE.test(code)) return not_ours
  return {
    tone: 'unsure',
    title: way === 'scanned' ? 'Not read whole' : 'Not typed whole',
    lead: way === 'scanned' ? 'Scan again.' : 'Type the ten characters again.',
    detail: null,
    next_step:
      way === 'scanned'
        ? 'If it stays so, type the code under the square.'
        : 'One of them is missing or is another. They stand under the square.',
    checkin_id: null,
  }
}

/** The answer that needs no server; null for a code that the server must be asked about. */
export function firstLook(text: string, way: Way): DoorAnswer | null {
  if (readTicketCode(scannedText(text)) !== null) return null
  const is_short = readShortCode(text) !== null
  if (way === 'camera') return is_short ? not_a_ticket : null
  return way === 'typed' && is_short ? null : misread(text, way)
}

/** The answer that a ticket has had a moment ago: scanned again, it is not counted again. */
export function scannedAgain(answer: DoorAnswer): DoorAnswer {
  return answer.tone === 'admit' ? { ...answer, next_step: 'Scanned again: one person, counted once.' } : answer
}

/** An answer during whose wait another ticket was scanned, and not read. */
export function withMissed(answer: DoorAnswer): DoorAnswer {
  const next_step = [answer.next_step, 'Another ticket came too soon: scan that one again.'].filter(Boolean).join(' ')
  return { ...answer, next_step }
}

/** A refusal names the reason and the next step; no answer at all is neither yes nor no, and says so. */
export function refused(error: unknown, time_zone: string, now_ms: number): DoorAnswer {
  const answer = { tone: 'refuse', lead: null, detail: null, next_step: null, checkin_id: null } as const
  if (isProblem(error, 'already-used')) {
    const { first_admitted_at, gate, admitted_by } = error.members
    const at = typeof first_admitted_at === 'string' ? first_admitted_at : null
    const where = typeof gate === 'string' && gate ? ` at ${gate}` : ''
    const by = typeof admitted_by === 'string' && admitted_by ? `, by ${admitted_by}` : ''
    return {
      ...answer,
      title: 'Already in',
      lead: at && `${timeOf(at, time_zone)}${where}, ${agoText(now_ms - Date.parse(at))}${by}`,
      detail: whose(error.members),
      next_step: 'Ask to see the order itself, or call the supervisor.',
    }
  }
  if (isProblem(error, 'wrong-performance'))
    return {
      ...answer,
      title: 'Another night',
      lead: 'This ticket is for another performance.',
      next_step: 'Look at the date on the ticket together.',
    }
  if (isProblem(error, 'void-ticket'))
    return {
      ...answer,
      title: 'Not valid',
      lead: 'This ticket was cancelled or passed on.',
      next_step: 'Ask to open the order anew: a newer code may be the good one.',
    }
  if (isProblem(error, 'unknown-code')) return not_ours
  if (isProblem(error, 'unauthenticated'))
    return {
      ...answer,
      tone: 'unsure',
      title: 'Signed out',
      lead: 'This device has to sign in again.',
      next_step: 'Then scan the same ticket: nobody was counted.',
      signed_out: true,
    }
  if (isProblem(error, 'forbidden'))
    return {
      ...answer,
      tone: 'unsure',
      title: 'Not your door',
      lead: 'Your account may not check tickets here any more.',
      next_step: 'Ask the organizer: nobody was counted.',
    }
  return {
    ...answer,
    tone: 'unsure',
    title: 'No answer',
    lead: problemText(error),
    next_step: 'Scan the same ticket again: nobody is counted twice. Still no answer? Ask the supervisor.',
  }
}

/** What was taken back: the ticket counts as not used. */
export function undone(answer: DoorAnswer): DoorAnswer {
  return {
    ...answer,
    tone: 'undone',
    title: 'Taken back',
    next_step: 'Not counted as inside any more. The ticket can be scanned again.',
    checkin_id: null,
  }
}

/**
 * What is shown when taking back an admission failed: who was let in still counts as inside, unless it had been taken
 * back before.
 */
export function notUndone(answer: DoorAnswer, error: unknown): DoorAnswer {
  if (isProblem(error, 'conflict')) return undone(answer)
  return {
    ...answer,
    tone: 'unsure',
    title: 'Still in',
    detail: problemText(error),
    next_step: 'It was not taken back. Press Undo again in a moment.',
  }
}
