'use client'
import { useState } from 'react'

export type Act = { kind: 'ready' } | { kind: 'working' } | { kind: 'done' } | { kind: 'failed'; failure: unknown }

/** What a line's one button does: ready → working → done, or failed and ready to be tried again. */
export function useAct(run: () => Promise<unknown>): { act: Act; go: () => Promise<void> } {
  const [act, setAct] = useState<Act>({ kind: 'ready' })
  async function go() {
    setAct({ kind: 'working' })
    try {
      await run()
      setAct({ kind: 'done' })
    } catch (failure) {
      setAct({ kind: 'failed', failure })
    }
  }
  return { act, go }
}
