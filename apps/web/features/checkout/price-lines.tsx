import type { ReactNode } from 'react'
import type { Booking, Money } from '../../api/bodies.ts'
import { needsDecimals, priceOrFree } from '../../ui/money.ts'
import { linesByTier } from './lines-by-tier.ts'

/**
 * A total with its derivation: what was chosen at the price that was shown, what came off, and how much of the total is
 * fees and tax. Lines of one tariff are one line.
 */
export function PriceLines({ booking }: { booking: Booking }) {
  const lines = linesByTier(booking)
  const shown = [booking.total, booking.discount, booking.fees, booking.tax, ...lines.map((line) => line.amount)]
  const exact = needsDecimals(shown)
  const text = (value: Money) => priceOrFree(value, { exact })
  return (
    <dl className="num">
      {lines.map(({ tier_id, name, quantity, amount }) => (
        <Line
          key={tier_id}
          name={
            <>
              {quantity} × <bdi>{name}</bdi>
            </>
          }
        >
          {text(amount)}
        </Line>
      ))}
      {booking.discount.amount > 0 && (
        <Line name="Your code" className="text-good">
          −{text(booking.discount)}
        </Line>
      )}
      {booking.fees.amount > 0 && (
        <Line name="Of this, fees" className="text-14 text-ink-2">
          {text(booking.fees)}
        </Line>
      )}
      {booking.tax.amount > 0 && (
        <Line name="Of this, tax" className="text-14 text-ink-2">
          {text(booking.tax)}
        </Line>
      )}
      <Line name="Total" className="display mt-2 border-t border-line pt-4 text-[24px]">
        {text(booking.total)}
      </Line>
    </dl>
  )
}

function Line({ name, className = '', children }: { name: ReactNode; className?: string; children: ReactNode }) {
  return (
    <div className={`flex justify-between gap-4 py-[9px] ${className}`}>
      <dt className="min-w-0">{name}</dt>
      <dd className="flex-none text-end">{children}</dd>
    </div>
  )
}
