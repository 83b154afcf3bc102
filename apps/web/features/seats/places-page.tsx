'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import type { PerformanceDetail, TierAvailability } from '../../api/bodies.ts'
import { getAvailability } from '../../api/operations.ts'
import { problemText } from '../../api/problem-text.ts'
import { paths } from '../../paths.ts'
import { priceOrFree } from '../../ui/money.ts'
import { Notice } from '../../ui/notice.tsx'
import { Frame } from './frame.tsx'
import { holdChosen } from './hold.ts'
import { LiveHolds } from './live-holds.tsx'
import { PlacesPicker } from './places-picker.tsx'
import { totalOf } from './selection.ts'
import { SignInFirst } from './sign-in-first.tsx'

type Props = {
  performance: PerformanceDetail
  availability: TierAvailability[]
  member: boolean
  has_session: boolean
  rendered_at: number
}

/** General admission: how many, and on to the checkout. */
export function PlacesPage({ performance, availability, member, has_session, rendered_at }: Props) {
  const router = useRouter()
  const [counts, setCounts] = useState(() => countsOf(availability))
  const [chosen, setChosen] = useState<ReadonlyMap<string, number>>(new Map())
  const [working, setWorking] = useState(false)
  const [message, setMessage] = useState<string>()
  const total = totalOf([], chosen, performance.tiers)
  const quantity = [...chosen.values()].reduce((sum, one) => sum + one, 0)

  async function go() {
    setWorking(true)
    setMessage(undefined)
    const items = [...chosen].filter(([, count]) => count > 0).map(([tier_id, count]) => ({ tier_id, quantity: count }))
    const outcome = await holdChosen({ performance_id: performance.id, items }, has_session)
    if (outcome.kind === 'held') return router.push(paths.checkout(outcome.booking_id))
    setWorking(false)
    setMessage(outcome.kind === 'taken' ? takenWords(performance, outcome.unavailable) : problemText(outcome.error))
    getAvailability(performance.event.id).then(
      (answer) =>
        setCounts(countsOf(answer.performances.find((one) => one.performance_id === performance.id)?.tiers ?? [])),
      () => undefined,
    )
  }

  return (
    <Frame performance={performance} now_ms={rendered_at}>
      <div className="mx-auto w-full max-w-[640px] px-5 pt-8 pb-40 md:pt-14 md:pb-14">
        <h2 className="mb-8 text-40">How many?</h2>
        <PlacesPicker
          tiers={performance.tiers}
          counts={counts}
          chosen={chosen}
          time_zone={performance.event.venue.time_zone}
          now_ms={rendered_at}
          onChange={(tier_id, count) => setChosen(new Map(chosen).set(tier_id, count))}
        />
        {!member && (
          <div className="mt-4">
            <SignInFirst performance_id={performance.id} />
          </div>
        )}
        <div className="mt-5 empty:hidden">
          <LiveHolds rendered_at={rendered_at} />
        </div>
        {message && (
          <div className="mt-5">
            <Notice live="assertive">{message}</Notice>
          </div>
        )}
        <div className="max-md:fixed short:static! max-md:inset-x-0 max-md:bottom-0 max-md:border-t max-md:border-line max-md:bg-surface max-md:px-5 max-md:pt-3 max-md:pb-[max(20px,env(safe-area-inset-bottom))] md:mt-8">
          <div className="flex items-baseline justify-between gap-4">
            <span className="text-14 text-ink-2">Fees and tax included</span>
            <b className="display num text-28">{total && priceOrFree(total)}</b>
          </div>
          <button type="button" className="btn mt-3 w-full" disabled={quantity === 0 || working} onClick={go}>
            {working ? 'One moment …' : quantity === 0 ? 'Choose how many' : 'Continue'}
          </button>
        </div>
      </div>
    </Frame>
  )
}

function countsOf(tiers: readonly TierAvailability[]): ReadonlyMap<string, TierAvailability> {
  return new Map(tiers.map((tier) => [tier.tier_id, tier]))
}

function takenWords(performance: PerformanceDetail, unavailable: readonly string[]): string {
  const names = performance.tiers.filter((tier) => unavailable.includes(tier.id)).map((tier) => tier.name)
  return `There are not that many ${names.join(' and ') || 'tickets'} left just now. Choose fewer, or look again in a moment: what is not paid comes back.`
}
