import { scannedText } from '@tessera/contracts/ticket-code'
import type { Checkin } from '../../api/bodies.ts'
import { Problem } from '../../api/problem.ts'
import {
  admitted,
  type DoorAnswer,
  firstLook,
  misread,
  notUndone,
  refused,
  scannedAgain,
  undone,
  type Way,
  withMissed,
} from './answer.ts'
import { CodesInView } from './codes-in-view.ts'
import { OpenScans, type Scan } from './open-scans.ts'
import { RecentAnswers } from './recent-answers.ts'

/** What a person at the door sees. `missed`: another ticket was scanned meanwhile, and not read. */
export type Mode =
  | { kind: 'ready' }
  | { kind: 'scanning' }
  | { kind: 'asking'; words: string; missed: boolean }
  | { kind: 'answered'; answer: DoorAnswer; code: string | null }

type Deps = {
  check: (scan: Scan, signal: AbortSignal) => Promise<Checkin>
  undo: (checkin_id: string, signal: AbortSignal) => Promise<unknown>
  /** Makes the scan of a code that has not been asked about. */
  scanOf: (code: string, gate: string) => Scan
  /** Sound and vibration. */
  feel: (tone: DoorAnswer['tone']) => void
  show: (mode: Mode) => void
  /** The counts have changed, or may have. */
  counted: () => void
  time_zone: string
  /** The server's time, for "14 minutes ago". */
  serverNow: () => number
  /** A clock that only goes forward. */
  nowMs: () => number
  /** Fires when a guest has waited long enough for an answer. */
  deadline: () => AbortSignal
}

/**
 * Letting people in: ready (before the first touch, which browsers demand for camera and sound) → scanning → asking (the
 * server decides) → answered, until the next ticket or a touch leads back to scanning. One answer belongs to one ticket:
 * while one is asked about, no other is read.
 */
export class CheckinDesk {
  readonly #deps: Deps
  readonly #in_view = new CodesInView()
  readonly #recent = new RecentAnswers()
  readonly #open = new OpenScans()
  #mode: Mode = { kind: 'ready' }
  /** The code that is asked about. */
  #asked: string | null = null

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** Ready for the next ticket. One that got no answer may be asked again without leaving the picture. */
  scanOn(): void {
    const mode = this.#mode
    if (mode.kind === 'asking') return
    this.#in_view.next()
    if (mode.kind === 'answered' && mode.answer.tone === 'unsure' && mode.code !== null)
      this.#in_view.release(mode.code)
    this.#show({ kind: 'scanning' })
  }

  /** The codes of one frame of the camera. */
  look(texts: readonly string[], gate: string): void {
    const codes = texts.map(scannedText)
    const now_ms = this.#deps.nowMs()
    this.#recent.seen(codes, now_ms)
    const code = this.#in_view.take(codes, now_ms, this.#mode.kind === 'asking')
    if (code !== null) this.#read(code, 'camera', gate)
  }

  /** A code from a hand scanner or typed. */
  check(text: string, way: Exclude<Way, 'camera'>, gate: string): void {
    const code = scannedText(text)
    if (this.#mode.kind !== 'asking') this.#read(code, way, gate)
    else if (code !== this.#asked) this.#miss(this.#mode)
  }

  /** A hand scanner sent something that is no whole code of ours. */
  misread(text: string): void {
    if (this.#mode.kind === 'asking') this.#miss(this.#mode)
    else this.#say(misread(text, 'scanned'), null)
  }

  /** Takes back the admission that is shown. */
  async undo(): Promise<void> {
    const mode = this.#mode
    if (mode.kind !== 'answered' || mode.answer.checkin_id === null) return
    const { answer, code } = mode
    const { checkin_id } = mode.answer
    this.#show({ kind: 'asking', words: 'Taking back …', missed: false })
    const after = await this.#inTime((signal) => this.#deps.undo(checkin_id, signal)).then(
      () => undone(answer),
      (error: unknown) => notUndone(answer, error),
    )
    if (after.checkin_id === null && code !== null) this.#recent.forget(code)
    this.#answer(after, code)
  }

  #read(code: string, way: Way, gate: string): void {
    // Nobody types a code twice by accident: typed again, it is asked about again.
    const known = way === 'typed' ? null : this.#recent.of(code, this.#deps.nowMs())
    const first = known === null ? firstLook(code, way) : null
    if (known !== null) this.#again(known, code)
    else if (first !== null) this.#say(first, code)
    else void this.#ask(code, gate)
  }

  async #ask(code: string, gate: string): Promise<void> {
    const { check, scanOf, serverNow, time_zone, nowMs } = this.#deps
    this.#asked = code
    this.#show({ kind: 'asking', words: 'Checking …', missed: false })
    const scan = this.#open.of(code, () => scanOf(code, gate))
    const answer = await this.#inTime((signal) => check(scan, signal)).then(admitted, (error: unknown) =>
      refused(error, time_zone, serverNow()),
    )
    this.#asked = null
    if (answer.tone !== 'unsure') {
      this.#open.answered(code)
      this.#recent.answered(code, answer, nowMs())
    }
    this.#answer(answer, code)
  }

  /** The answer to what was asked, and the counts after it. */
  #answer(answer: DoorAnswer, code: string | null): void {
    const missed = this.#mode.kind === 'asking' && this.#mode.missed
    this.#say(missed ? withMissed(answer) : answer, code)
    this.#deps.counted()
  }

  #say(answer: DoorAnswer, code: string | null): void {
    this.#deps.feel(answer.tone)
    this.#in_view.answered(this.#deps.nowMs())
    this.#show({ kind: 'answered', answer, code })
  }

  /** The answer that stands already. It sounds only where it refuses a ticket that was not the one shown. */
  #again(known: DoorAnswer, code: string): void {
    const is_shown = this.#mode.kind === 'answered' && this.#mode.code === code
    if (known.tone === 'refuse' && !is_shown) return this.#say(known, code)
    this.#in_view.answered(this.#deps.nowMs())
    this.#show({ kind: 'answered', answer: scannedAgain(known), code })
  }

  #miss(mode: Mode & { kind: 'asking' }): void {
    this.#deps.feel('unsure')
    this.#show({ ...mode, missed: true })
  }

  /** No longer than the deadline: the request is given up then, and its scan stays open. */
  #inTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = this.#deps.deadline()
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Problem('unreachable', 0)), { once: true })
    })
    return Promise.race([ask(signal), late])
  }

  #show(mode: Mode): void {
    this.#mode = mode
    this.#deps.show(mode)
  }
}
