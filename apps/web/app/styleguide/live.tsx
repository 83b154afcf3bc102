'use client'
import { useState } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { Stepper } from '../../ui/stepper.tsx'

/** The parts that need a hand on them. */
export function StyleguideLive() {
  const [count, setCount] = useState(2)
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-6">
      <Stepper label="tickets" value={count} max={8} onChange={setCount} />
      <button type="button" className="btn quiet" onClick={() => setOpen(true)}>
        Open a dialog
      </button>
      <Dialog open={open} title="A question?" onClose={() => setOpen(false)}>
        <p className="text-ink-2">What would happen, and what it would end.</p>
      </Dialog>
    </div>
  )
}
