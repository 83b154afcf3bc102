'use client'
export function HouseMap(_: { performance_id: string; chart_id: string; sold: number; held: number; total: number }) {
  return null
}
