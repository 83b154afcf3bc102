import type { EventSales, Money } from '../../api/bodies.ts'

export type Figures = { revenue: Money; sold: number; total: number; held: number; blocked: number; share: number }

type Counts = { total: number; sold: number; held: number; blocked: number; revenue: Money }

/** The four figures over all performances of an event. `share` is sold ÷ total, 0 where nothing can be sold. */
export function figuresOf(sales: EventSales, currency: string): Figures {
  const sum = sales.performances.reduce(
    (all, one: Counts) => ({
      revenue: all.revenue + one.revenue.amount,
      sold: all.sold + one.sold,
      total: all.total + one.total,
      held: all.held + one.held,
      blocked: all.blocked + one.blocked,
    }),
    { revenue: 0, sold: 0, total: 0, held: 0, blocked: 0 },
  )
  return { ...sum, revenue: { amount: sum.revenue, currency }, share: sum.total > 0 ? sum.sold / sum.total : 0 }
}
