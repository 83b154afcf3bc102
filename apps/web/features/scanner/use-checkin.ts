'use client'
import { useState } from 'react'
import { createCheckin, undoCheckin } from '../../api/operations.ts'
import { serverNow } from '../../ui/server-clock.ts'
import { CheckinDesk, type Mode } from './checkin-desk.ts'
import { feel } from './feedback.ts'

/** A guest stands and waits: after so long the door is told that there is no answer, and what to do. */
const ANSWER_MS_MAX = 5_000

type Door = { performance_id: string; time_zone: string; onCounted: () => void }

/** Letting people in, and what is shown of it. `onCounted` stays the same function. */
export function useCheckin({ performance_id, time_zone, onCounted }: Door): { mode: Mode; desk: CheckinDesk } {
  const [mode, setMode] = useState<Mode>({ kind: 'ready' })
  const [desk] = useState(
    () =>
      new CheckinDesk({
        check: (scan, signal) => createCheckin(scan, { signal }),
        undo: (checkin_id, signal) => undoCheckin(checkin_id, { signal }),
        scanOf: (code, gate) => ({
          body: { code, performance_id, scanned_at: new Date(serverNow()).toISOString(), ...(gate && { gate }) },
          idempotency_key: crypto.randomUUID(),
        }),
        feel,
        show: setMode,
        counted: onCounted,
        time_zone,
        serverNow,
        nowMs: () => performance.now(),
        deadline: () => AbortSignal.timeout(ANSWER_MS_MAX),
      }),
  )
  return { mode, desk }
}
