import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EventCardSkeleton } from '../../features/discover/event-card.tsx'
import { Poster } from '../../features/poster/poster.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Field } from '../../ui/field.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TimerRing } from '../../ui/timer-ring.tsx'
import { StyleguideLive } from './live.tsx'

export const metadata: Metadata = { title: 'Styleguide', robots: { index: false } }

const COLOURS = [
  'paper',
  'surface',
  'ink',
  'ink-2',
  'ink-3',
  'line',
  'line-2',
  'accent',
  'accent-wash',
  'good',
  'good-wash',
  'bad',
  'bad-wash',
  'warn',
  'warn-wash',
  'cat-1',
  'cat-2',
  'cat-3',
  'cat-4',
  'cat-5',
]
const GENRES = ['music', 'theatre', 'classical', 'comedy', 'dance', 'jazz', 'sport', 'film']

/** Every part of the interface in its states, for people and for screenshot tests. Nothing here moves by itself. */
export default function StyleguidePage() {
  return (
    <main id="main" className="wrap flex flex-col gap-12 py-12">
      <h1>Styleguide</h1>
      <Type />
      <Colours />
      <Buttons />
      <Notices />
      <Part name="Fields">
        <div className="grid max-w-[640px] gap-4 md:grid-cols-2">
          <Field label="E-mail" name="a" placeholder="meera@example.org" hint="Your tickets come here." />
          <Field label="Last name" name="b" defaultValue="Joshi" error="holds characters that no name has" />
        </div>
        <StyleguideLive />
      </Part>
      <Part name="Time left">
        <div className="flex gap-4">
          {[1, 0.78, 0.5, 0.2, 0].map((share) => (
            <TimerRing key={share} share={share} />
          ))}
        </div>
      </Part>
      <Posters />
      <Part name="Loading and empty">
        <div className="grid grid-cols-2 gap-4 md:grid-cols-4">
          <EventCardSkeleton />
        </div>
        <Empty title="Nothing on just then">No event fits all of what you chose.</Empty>
      </Part>
      <Part name="Mark">
        <Mark size={64} />
      </Part>
    </main>
  )
}

function Type() {
  return (
    <Part name="Type">
      <p className="display text-64">Display 64</p>
      <p className="display text-40">Display 40</p>
      <p className="display text-28">Display 28</p>
      <p className="text-20">Text 20, and 0123456789</p>
      <p>Text 16, and the quick brown fox</p>
      <p className="text-14 text-ink-2">Text 14, muted</p>
      <p className="text-12 text-ink-2">Text 12, muted</p>
    </Part>
  )
}

function Colours() {
  return (
    <Part name="Colours">
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-5">
        {COLOURS.map((name) => (
          <li key={name} className="flex items-center gap-3 text-14">
            <i
              aria-hidden="true"
              className="size-10 rounded-md border border-line"
              style={{ background: `var(--${name})` }}
            />
            {name}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Buttons() {
  return (
    <Part name="Buttons and chips">
      <div className="flex flex-wrap gap-3">
        <button type="button" className="btn">
          Choose seats
        </button>
        <button type="button" className="btn ink">
          Ink
        </button>
        <button type="button" className="btn quiet">
          Quiet
        </button>
        <button type="button" className="btn danger">
          Cancel the order
        </button>
        <button type="button" className="btn" disabled>
          Sold out
        </button>
        <button type="button" className="btn small">
          Small
        </button>
      </div>
      <div className="flex flex-wrap gap-3">
        <button type="button" className="chip">
          Music
        </button>
        <button type="button" className="chip" aria-pressed="true">
          Theatre
        </button>
      </div>
    </Part>
  )
}

function Notices() {
  return (
    <Part name="Words that matter now">
      <Notice>Row F, seat 14 is no longer free. You still have the other one.</Notice>
      <Notice tone="good">₹3,800 is on its way back to you.</Notice>
      <Notice tone="warn">Your bank said no, and nothing was charged.</Notice>
      <Notice tone="bad">That did not work, and it is our fault.</Notice>
    </Part>
  )
}

function Posters() {
  return (
    <Part name="Posters">
      <ul className="grid grid-cols-2 gap-4 md:grid-cols-4">
        {GENRES.map((genre) => (
          <li key={genre}>
            <div className="aspect-4/5 overflow-hidden rounded-md">
              <Poster title={`A night of ${genre}`} genre={genre} />
            </div>
            <p className="mt-2 text-14">{genre}</p>
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name} className="flex flex-col gap-4 border-t border-line pt-6">
      <h2>{name}</h2>
      {children}
    </section>
  )
}
