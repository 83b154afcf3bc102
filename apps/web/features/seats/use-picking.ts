'use client'
import { seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import type { PerformanceDetail } from '../../api/bodies.ts'
import { problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { loadLater } from '../../ui/lazy-piece.tsx'
import {
  type Choice,
  holdBody,
  type Message,
  note,
  nothingChosen,
  withFound,
  withOffer,
  withPlaces,
  withSeatPressed,
  withSeats,
  withTariff,
} from './choice.ts'
import type { Found, findTogether } from './find-together.ts'
import { holdChosen } from './hold.ts'
import type { SeatMapData } from './seat-map-data.ts'
import { type Picked, sift } from './selection.ts'

/**
 * Choosing seats. Modes: choosing (the picks are only wishes; whoever holds first has them) → holding (asked, nothing may
 * change) → gone to the checkout, or back to choosing with a message.
 */
export function usePicking(performance: PerformanceDetail, map: SeatMapData, revision: number, has_session: boolean) {
  const router = useRouter()
  const [choice, setChoice] = useState(nothingChosen)
  const [holding, setHolding] = useState(false)
  const { geometry, store } = map
  const { tiers } = performance
  const room = { geometry, tiers }
  const say = (message: Message | null) => setChoice((now) => ({ ...now, message }))
  const change = (next: (now: Choice) => Choice) => {
    if (!holding) setChoice(next)
  }

  async function lose(lost: readonly Picked[], kept: readonly Picked[]) {
    const seats = lost.map((pick) => pick.seat)
    setChoice((now) => ({ ...now, picks: kept }))
    const clash = await loadClash().catch(() => null)
    if (clash === null) return say({ words: NOT_LOADED, offer: null, tone: 'bad' })
    const words = clash.clashWords(geometry, seats, kept.length)
    say(note(words))
    // The whole party is seated anew, so that it stays together; what it still has may be part of that.
    const party = [...kept, ...lost]
    const wanted = tiers.filter((tier) => party.some((pick) => pick.tier_id === tier.id))
    const found = await find(map, wanted, party.length, new Set(seats)).catch(() => null)
    if (found !== null && found.kind !== 'none') setChoice((now) => withOffer(now, words, found.seats))
  }

  const look = useEffectEvent(() => {
    // While we ask, our own hold is what takes the seats.
    if (holding) return
    const { kept, lost } = sift(choice.picks, (seat) => seatStateAt(store.states, seat) === 'available')
    if (lost.length > 0) void lose(lost, kept)
  })
  // An effect, because it is the stream that takes a picked seat away, not a render.
  useEffect(() => {
    if (revision > 0) look()
  }, [revision])

  async function hold() {
    setHolding(true)
    say(null)
    const outcome = await holdChosen(holdBody(performance.id, room, choice), has_session)
    if (outcome.kind === 'held') return router.push(paths.checkout(outcome.booking_id))
    setHolding(false)
    if (outcome.kind === 'failed') return say({ words: problemText(outcome.error), offer: null, tone: 'bad' })
    const gone = new Set(outcome.unavailable)
    const { kept, lost } = sift(choice.picks, (seat) => !gone.has(geometry.ids[seat] ?? ''))
    if (lost.length > 0) return lose(lost, kept)
    say(note('Not all of these can be had any more. Choose again from what is free.'))
  }

  return {
    ...choice,
    holding,
    hold,
    toggleSeat: (seat: number) => change((now) => withSeatPressed(now, room, seat)),
    changeTier: (seat: number, tier_id: string) => change((now) => withTariff(now, room, seat, tier_id)),
    changePlaces: (tier_id: string, quantity: number) => change((now) => withPlaces(now, tier_id, quantity)),
    /** Takes the seats of an offer instead of what is picked. */
    take: (seats: readonly number[]) => change((now) => withSeats(now, room, seats)),
    /** `tier_ids`: the prices that may be chosen from. */
    async find(quantity: number, tier_ids: readonly string[]) {
      const among = tiers.filter((tier) => tier_ids.includes(tier.id))
      const found = await find(map, among, quantity).catch(() => null)
      if (found === null) return say({ words: NOT_LOADED, offer: null, tone: 'bad' })
      change((now) => withFound(now, room, found, quantity))
    },
  }
}

const NOT_LOADED = 'That did not load. Check your connection and try again; what you chose is still here.'

const loadClash = loadLater(() => import('./clash.ts'))
const loadFind = loadLater(() => import('./find-together.ts'))

/** The search comes when the page is at rest or when it is first needed: many people choose for themselves. */
async function find(...asked: Parameters<typeof findTogether>): Promise<Found> {
  return (await loadFind()).findTogether(...asked)
}
