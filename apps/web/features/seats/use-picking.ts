'use client'
import { seatStateAt } from '@tessera/contracts/seat-map/seat-state'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import type { PerformanceDetail, Tier } from '../../api/bodies.ts'
import { problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { clashWords } from './clash.ts'
import type { Found, findTogether } from './find-together.ts'
import { holdChosen } from './hold.ts'
import type { House } from './house.ts'
import { type Picked, retier, sift, tiersOfSeat, toggle } from './selection.ts'

/** What the panel has to say, with the next best offer where there is one. */
export type Message = { words: string; offer: number[] | null; tone: 'note' | 'bad' }

/** One hold takes seats or places without seats: the API has no hold for both. */
const APART: Message = {
  words: 'Seats and places without seats are separate orders. Finish one first.',
  offer: null,
  tone: 'note',
}

/**
 * Choosing seats. Modes: choosing (the picks are only wishes; whoever holds first has them) → holding (asked, nothing may
 * change) → gone to the checkout, or back to choosing with a message.
 */
export function usePicking(performance: PerformanceDetail, tiers: readonly Tier[], house: House, revision: number) {
  const router = useRouter()
  const [picks, setPicks] = useState<Picked[]>([])
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(new Map())
  const [message, setMessage] = useState<Message | null>(null)
  const [holding, setHolding] = useState(false)
  const { geometry, store } = house

  /** Seats with the tariffs picked before where these fit, else with their own first one. */
  function picksFor(seats: readonly number[]): Picked[] {
    return seats.flatMap((seat, index) => {
      const offered = tiersOfSeat(geometry, tiers, seat)
      const tier = offered.find((one) => one.id === picks[index]?.tier_id) ?? offered[0]
      return tier ? [{ seat, tier_id: tier.id }] : []
    })
  }

  async function lose(lost: readonly Picked[], kept: Picked[]) {
    const seats = lost.map((pick) => pick.seat)
    const words = clashWords(geometry, seats, kept.length)
    setPicks(kept)
    setMessage({ words, offer: null, tone: 'note' })
    // The whole party is seated anew, so that it stays together; what it still has may be part of that.
    const party = [...kept, ...lost]
    const wanted = tiers.filter((tier) => party.some((pick) => pick.tier_id === tier.id))
    const found = await find(house, wanted, party.length, new Set(seats))
    // By now the person may have gone on by themselves: an offer only joins its own message.
    if (found.kind !== 'none')
      setMessage((shown) => (shown?.words === words ? { words, offer: found.seats, tone: 'note' } : shown))
  }

  const look = useEffectEvent(() => {
    // While we ask, our own hold is what takes the seats.
    if (holding) return
    const { kept, lost } = sift(picks, (seat) => seatStateAt(store.states, seat) === 'available')
    if (lost.length > 0) void lose(lost, kept)
  })
  // An effect, because it is the stream that takes a picked seat away, not a render.
  useEffect(() => {
    if (revision > 0) look()
  }, [revision])

  return {
    picks,
    places,
    message,
    holding,
    toggleSeat(seat: number) {
      if (holding) return
      const outcome = toggle(geometry, tiers, picks, seat)
      if (outcome.kind === 'limit')
        return setMessage({
          words: `One order takes at most ${outcome.tier.max_per_order} of these.`,
          offer: null,
          tone: 'note',
        })
      if (outcome.kind === 'not-on-sale')
        return setMessage({ words: 'This seat is not on sale now.', offer: null, tone: 'note' })
      setPicks(outcome.picks)
      setMessage([...places.values()].some((quantity) => quantity > 0) ? APART : null)
      setPlaces(new Map())
    },
    changeTier: (seat: number, tier_id: string) => setPicks(retier(picks, tiers, seat, tier_id)),
    changePlaces(tier_id: string, quantity: number) {
      setPlaces(new Map(places).set(tier_id, quantity))
      setMessage(picks.length > 0 ? APART : null)
      setPicks([])
    },
    /** Takes the seats of an offer instead of what is picked. */
    take(seats: readonly number[]) {
      setPicks(picksFor(seats))
      setMessage(null)
    },
    async find(quantity: number, among: readonly Tier[]) {
      const found = await find(house, among, quantity)
      if (found.kind === 'none')
        return setMessage({
          words: `There are not ${quantity} seats left at this price. Try another one, or fewer.`,
          offer: null,
          tone: 'note',
        })
      setPicks(picksFor(found.seats))
      setMessage(
        found.kind === 'near'
          ? {
              words: 'There are not that many side by side any more. These are close to each other.',
              offer: null,
              tone: 'note',
            }
          : null,
      )
    },
    async hold() {
      setHolding(true)
      setMessage(null)
      const items = [...places]
        .filter(([, quantity]) => quantity > 0)
        .map(([tier_id, quantity]) => ({ tier_id, quantity }))
      const seats = picks.map((pick) => ({ seat_id: geometry.ids[pick.seat] ?? '', tier_id: pick.tier_id }))
      const outcome = await holdChosen({
        performance_id: performance.id,
        ...(seats.length > 0 ? { seats } : { items }),
      })
      if (outcome.kind === 'held') return router.push(paths.checkout(outcome.booking_id))
      setHolding(false)
      if (outcome.kind === 'failed') return setMessage({ words: problemText(outcome.error), offer: null, tone: 'bad' })
      const gone = new Set(outcome.unavailable)
      const { kept, lost } = sift(picks, (seat) => !gone.has(geometry.ids[seat] ?? ''))
      if (lost.length > 0) void lose(lost, kept)
      else setMessage({ words: 'Someone was faster. Choose again from what is free.', offer: null, tone: 'note' })
    },
  }
}

/** The search comes when it is first needed: many people choose for themselves. */
async function find(...asked: Parameters<typeof findTogether>): Promise<Found> {
  const { findTogether } = await import('./find-together.ts')
  return findTogether(...asked)
}
