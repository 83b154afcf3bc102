'use client'
import { Check, CircleHelp, Keyboard, Undo2, X } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useState } from 'react'
import { paths } from '../../paths.ts'
import { serverNow } from '../../ui/server-clock.ts'
import { longWhen, shortWhen } from '../../ui/when.ts'
import type { DoorAnswer } from './answer.ts'
import { Camera } from './camera.tsx'
import type { CheckinDesk } from './checkin-desk.ts'
import { allowSound } from './feedback.ts'
import { withoutBurst } from './key-burst.ts'
import { BARS, GROUND, TONES } from './tones.ts'
import { TypeCodeDialog } from './type-code-dialog.tsx'
import { useCheckin } from './use-checkin.ts'
import { type DoorCounts, useDoorCounts } from './use-door-counts.ts'
import { useHandScanner } from './use-hand-scanner.ts'

type Props = {
  performance_id: string
  title: string
  venue: string
  start_time: string
  time_zone: string
  counts: DoorCounts
}

/** The door: the camera's picture, one huge answer over it, and what a hand can do. */
export function Scanner({ performance_id, title, venue, start_time, time_zone, counts: first }: Props) {
  const [counts, recount] = useDoorCounts(performance_id, first)
  const [gate, setGate] = useState('')
  const { mode, desk } = useCheckin({ performance_id, time_zone, onCounted: recount })
  const [typing, setTyping] = useState(false)
  useHandScanner((read) => {
    allowSound()
    setTyping(false)
    // A scanner is a keyboard: what it wrote into a field that had the focus was not meant for it.
    const gate_typed = withoutBurst(gate, read.typed)
    setGate(gate_typed)
    if (read.kind === 'code') desk.check(read.code, 'scanned', gate_typed)
    else desk.misread(read.typed)
  })
  /** With the camera: then codes are typed. */
  const [trouble, setTrouble] = useState<string>()
  const answer = mode.kind === 'answered' ? mode.answer : null
  const start = () => {
    allowSound()
    desk.scanOn()
  }
  return (
    <main id="main" className={`relative flex min-h-dvh flex-col ${GROUND}`}>
      {mode.kind !== 'ready' && !trouble && (
        <Camera onFrame={(codes) => desk.look(codes, gate)} onTrouble={setTrouble} />
      )}
      {answer && <div className={`absolute inset-0 ${TONES[answer.tone]}`} />}
      <header
        className={`relative flex items-center justify-between gap-4 px-5 py-3 ${answer ? BARS.on_answer : BARS.on_picture}`}
      >
        <Link href={paths.doors()} className="min-h-11 min-w-0 content-center">
          <span className="line-clamp-2">
            <b>{shortWhen(start_time, time_zone, serverNow())}</b> · <bdi>{title}</bdi>
          </span>
          <span className="line-clamp-2 text-14">
            <bdi>{gate || 'Door'}</bdi> · <bdi>{venue}</bdi>
          </span>
        </Link>
        <span className="num flex-none">
          {counts.admitted} / {counts.total} in
        </span>
      </header>
      <div
        className="relative flex flex-1 flex-col items-center justify-center gap-3.5 px-6 text-center"
        aria-live="assertive"
      >
        {answer ? (
          <Answer answer={answer} />
        ) : mode.kind === 'ready' ? (
          <Ready
            title={title}
            when={longWhen(start_time, time_zone, serverNow())}
            venue={venue}
            gate={gate}
            onGate={setGate}
            onStart={start}
          />
        ) : (
          <Looking asking={mode.kind === 'asking' ? mode : null} trouble={trouble} />
        )}
      </div>
      {mode.kind !== 'ready' && (
        <Bar answer={answer} desk={desk} performance_id={performance_id} onType={() => setTyping(true)} />
      )}
      <TypeCodeDialog
        open={typing}
        onClose={() => setTyping(false)}
        onCode={(code) => desk.check(code, 'typed', gate)}
      />
    </main>
  )
}

const ICONS = { admit: Check, refuse: X, unsure: CircleHelp, undone: Undo2 } as const

function Answer({ answer }: { answer: DoorAnswer }) {
  const Icon = ICONS[answer.tone]
  return (
    <>
      <Icon size={120} strokeWidth={2.4} aria-hidden="true" />
      <p className="display max-w-full text-[44px] sm:text-[56px] md:text-64">{answer.title}</p>
      {answer.lead && (
        <p dir="auto" className="max-w-full text-[24px] leading-tight font-semibold text-balance">
          {answer.lead}
        </p>
      )}
      {answer.detail && (
        <p dir="auto" className="max-w-full text-20">
          {answer.detail}
        </p>
      )}
      {answer.next_step && <p className="mt-4 max-w-[26ch] text-[18px]">{answer.next_step}</p>}
    </>
  )
}

type ReadyProps = {
  title: string
  when: string
  venue: string
  gate: string
  onGate: (gate: string) => void
  onStart: () => void
}

/** Which performance this is, down to the hour: a matinee and an evening have one title. */
function Ready({ title, when, venue, gate, onGate, onStart }: ReadyProps) {
  return (
    <form
      className="flex w-full max-w-[360px] flex-col gap-5 text-left"
      onSubmit={(event) => {
        event.preventDefault()
        onStart()
      }}
    >
      <div>
        <h1 dir="auto" className="text-40">
          {title}
        </h1>
        <p className="num mt-2 text-20 font-semibold">{when}</p>
        <p dir="auto">{venue}</p>
      </div>
      <label className="block">
        <span className="mb-1.5 block text-14">Which gate is this?</span>
        <input
          className="input focus-visible:outline-offset-2"
          value={gate}
          maxLength={40}
          placeholder="Gate A"
          autoComplete="off"
          onChange={(event) => onGate(event.target.value)}
        />
      </label>
      <button type="submit" className="btn">
        Start scanning
      </button>
    </form>
  )
}

type Asking = { words: string; missed: boolean }

/** What goes on comes first, also where there is no camera. */
function Looking({ asking, trouble }: { asking: Asking | null; trouble: string | undefined }) {
  if (trouble && !asking) return <p className="max-w-[30ch] text-20">{trouble}</p>
  return (
    <>
      <div
        aria-hidden="true"
        className={`size-64 rounded-xl border-4 ${asking ? 'animate-pulse border-white' : 'border-white/80'}`}
      />
      <p className="mt-4 text-20 font-semibold [text-shadow:0_0_8px_#000a]">
        {asking?.words ?? 'Hold the code in the square'}
      </p>
      {asking?.missed && (
        <p className="max-w-[30ch] text-20 [text-shadow:0_0_8px_#000a]">
          One at a time: the other ticket was not read. Scan it after this one.
        </p>
      )}
    </>
  )
}

type BarProps = { answer: DoorAnswer | null; desk: CheckinDesk; performance_id: string; onType: () => void }

function Bar({ answer, desk, performance_id, onType }: BarProps) {
  return (
    <footer
      className={`relative flex flex-wrap items-center justify-between gap-x-4 px-5 py-3 pb-[max(12px,env(safe-area-inset-bottom))] ${answer ? BARS.on_answer : BARS.on_picture}`}
    >
      {answer?.checkin_id && (
        <BarButton onClick={() => desk.undo()}>
          <Undo2 size={20} aria-hidden="true" /> Undo
        </BarButton>
      )}
      {answer?.signed_out && (
        <Link className={BAR_ACTION} href={paths.signIn(paths.door(performance_id))}>
          Sign in
        </Link>
      )}
      {answer && <BarButton onClick={() => desk.scanOn()}>Next</BarButton>}
      <BarButton onClick={onType}>
        <Keyboard size={20} aria-hidden="true" /> Type a code
      </BarButton>
    </footer>
  )
}

const BAR_ACTION =
  'inline-flex min-h-12 items-center gap-2 whitespace-nowrap rounded-md px-3 font-semibold hover:bg-white/10'

function BarButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className={BAR_ACTION}>
      {children}
    </button>
  )
}
