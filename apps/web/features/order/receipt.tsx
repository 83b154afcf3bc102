import type { Booking } from '../../api/bodies.ts'
import { needsDecimals, priceText } from '../../ui/money.ts'
import { PriceLines } from '../checkout/price-lines.tsx'
import { settlementOf } from './settlement.ts'

/** What an order cost, what of it goes back and what is kept, and the number to name it by. */
export function Receipt({ booking }: { booking: Booking }) {
  const settlement = settlementOf(booking)
  return (
    <section aria-labelledby="receipt" className="w-full max-w-[420px] border-t border-line pt-6">
      <h2 id="receipt" className="mb-3">
        {settlement ? 'What you paid, and what goes back' : 'What you paid'}
      </h2>
      <PriceLines booking={booking} />
      {settlement && (
        <dl className="num border-t border-line pt-2">
          <Line name="Back to you" amount={settlement.back} beside={settlement.kept} />
          <Line name="Kept by the organizer" amount={settlement.kept} beside={settlement.back} />
        </dl>
      )}
      <p className="mt-4 text-14 text-ink-2">
        Order <b className="num text-ink">{booking.number}</b>
      </p>
    </section>
  )
}

type Amount = Booking['total']

function Line({ name, amount, beside }: { name: string; amount: Amount; beside: Amount }) {
  return (
    <div className="flex justify-between gap-4 py-[9px]">
      <dt>{name}</dt>
      <dd className="flex-none font-semibold">{priceText(amount, { exact: needsDecimals([amount, beside]) })}</dd>
    </div>
  )
}
