'use client'
import { scannedText } from '@tessera/contracts/ticket-code'
import { useRef, useState } from 'react'
import { createCheckin, undoCheckin } from '../../api/operations.ts'
import { serverNow } from '../../ui/server-clock.ts'
import { admitted, type DoorAnswer, firstLook, misread, notUndone, refused, type Way } from './answer.ts'
import { feel } from './feedback.ts'
import { OpenScans, type Scan } from './open-scans.ts'

type Mode = { kind: 'ready' } | { kind: 'scanning' } | { kind: 'asking' } | { kind: 'answered'; answer: DoorAnswer }
type Door = { performance_id: string; time_zone: string; gate: string; onCounted: () => void }

/**
 * Letting people in. Modes: ready (before the first touch, which browsers demand for camera and sound) → scanning →
 * asking (the server decides) → answered, until the next ticket or a touch leads back to scanning.
 */
export function useCheckin({ performance_id, time_zone, gate, onCounted }: Door) {
  const [mode, setMode] = useState<Mode>({ kind: 'ready' })
  const asking = useRef(false)
  const scans = useRef(new OpenScans())
  const newScan = (code: string): Scan => ({
    body: { code, performance_id, scanned_at: new Date(serverNow()).toISOString(), ...(gate && { gate }) },
    idempotency_key: crypto.randomUUID(),
  })
  const say = (answer: DoorAnswer) => {
    feel(answer.tone)
    setMode({ kind: 'answered', answer })
  }
  const scanOn = () => setMode({ kind: 'scanning' })

  async function ask(code: string) {
    asking.current = true
    setMode({ kind: 'asking' })
    const scan = scans.current.of(code, () => newScan(code))
    const answer = await createCheckin(scan).then(admitted, (error: unknown) => refused(error, time_zone, serverNow()))
    if (answer.tone !== 'unsure') scans.current.answered(code)
    say(answer)
    asking.current = false
    onCounted()
  }

  async function takeBack(answer: DoorAnswer, checkin_id: string) {
    asking.current = true
    const failed = await undoCheckin(checkin_id).then(
      () => null,
      (error: unknown) => notUndone(answer, error),
    )
    setMode(failed ? { kind: 'answered', answer: failed } : { kind: 'scanning' })
    asking.current = false
    onCounted()
  }

  return {
    mode,
    scanOn,
    /** False while the server is being asked already: one answer belongs to one ticket. */
    check(text: string, way: Way): boolean {
      if (asking.current) return false
      const code = scannedText(text)
      const answer = firstLook(code, way)
      if (answer === null) void ask(code)
      else say(answer)
      return true
    },
    /** A hand scanner sent something that is no whole code. */
    misread(): void {
      if (!asking.current) say(misread('scanned'))
    },
    undo(answer: DoorAnswer, checkin_id: string): void {
      if (!asking.current) void takeBack(answer, checkin_id)
    },
  }
}
