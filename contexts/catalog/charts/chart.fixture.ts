import type { TesseraChart } from '@tessera/contracts/seat-map/chart'

/** A hall of `seats` seats in rows of 40, thirds of Stalls, Circle and Balcony, every 100th accessible. */
export function hall(seats: number, name = 'Great Hall'): TesseraChart {
  const categories = ['Stalls', 'Circle', 'Balcony']
  const sections = categories.map((category, n) => {
    const from = Math.floor((seats * n) / 3)
    const count = Math.floor((seats * (n + 1)) / 3) - from
    const rows = Array.from({ length: Math.ceil(count / 40) }, (_, r) => ({
      label: String(r + 1),
      seats: Array.from({ length: Math.min(40, count - r * 40) }, (_, s) => ({
        id: `${category}-${r + 1}-${s + 1}`,
        label: String(s + 1),
        x: 10 + s * 25,
        y: 10 + (from / 40 + r) * 30,
        category,
        ...(s % 100 === 0 ? { accessible: true } : {}),
      })),
    }))
    return { name: category, rows }
  })
  return {
    format: 'tessera-chart/1',
    name,
    categories: categories.map((category, n) => ({
      name: category,
      color: ['#C02020', '#2060C0', '#20A060'][n] ?? '#000000',
    })),
    sections,
  }
}
