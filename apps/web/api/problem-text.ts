import { isProblem, type Problem, type Slug } from './problem.ts'

/** What went wrong, for people: what happened, then what to do now. */
export function problemText(error: unknown): string {
  if (!isProblem(error)) return 'Something on this page broke. Load it again.'
  const text = TEXTS[error.slug]
  if (typeof text === 'function') return text(error)
  return text ?? error.detail ?? `${error.message}.`
}

const TEXTS: Partial<Record<Slug, string | ((problem: Problem) => string)>> = {
  unreachable: 'We cannot reach the box office. Check your connection, then try again.',
  unknown: 'That did not work, and it is our fault. Try again in a moment.',
  'internal-error': (problem) =>
    `That did not work, and it is our fault. Try again in a moment.${problem.request_id ? ` If you write to us, mention ${problem.request_id}.` : ''}`,
  unavailable: 'Very many people are here right now. Wait a few seconds and try again.',
  'too-many-requests': (problem) => `That was a bit fast. Try again in ${wait(problem)}.`,
  'too-many-attempts': (problem) => `Too many wrong passwords. Try again in ${wait(problem)}.`,
  'too-many-holds': (problem) =>
    `${problem.detail ?? 'Too many seats are on hold for you.'} You can try again in ${wait(problem)}.`,
  'too-many-payments': (problem) => `Too many payments were tried. Nothing was charged. Try again in ${wait(problem)}.`,
  unauthenticated: 'Your session has ended. Sign in, or load this page again.',
  'wrong-credentials': 'That e-mail and password do not belong together. Check both and try again.',
  'email-taken': 'There is an account with this e-mail already. Sign in instead.',
  forbidden: 'Your account may not do this. Ask the organizer to add you.',
  'csrf-token-missing': 'This page had been open for a while. Try once more.',
  'not-found': 'We cannot find this, or it is not yours to see.',
  'seat-unavailable': 'Not all of these can be had any more.',
  'hold-expired': 'The time for these ran out, so they went back.',
  'limit-exceeded': (problem) => problem.detail ?? 'That is more than one order may take.',
  'not-on-sale': 'These tickets are not on sale right now.',
  'payment-failed': (problem) =>
    `Your bank said no${problem.detail ? `: ${problem.detail}` : '.'} The tickets are still on hold for you.`,
  'already-admitted': 'One of these tickets was used at the door, so the order cannot be cancelled any more.',
}

function wait(problem: Problem): string {
  const seconds = problem.retry_after_s ?? 30
  return seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
