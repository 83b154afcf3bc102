/** Real seating plans, for tests. They were drawn by others and lie beside the checkout, never in it. */
import { readFileSync } from 'node:fs'
import { hasReferenceData, referenceData } from '../reference-data.fixture.ts'

const PLANS = referenceData('seating/')

/** Without that folder the tests that read it do not run, and say so. */
export const hasPlans = hasReferenceData('seating/')

export type ExpectedPlan = {
  name: string
  zones: Record<string, { rows: number; seats: number }>
  rows: number
  seats: number
  distinct_seat_guids: number
  guids_used_more_than_once: number
  categories: Record<string, number>
  bbox: [number, number, number, number]
  size: { width: number; height: number }
  neighbour_pairs_in_row: number
  areas: number
}

type PlanSeat = { seat_guid: string; uuid?: string; category: string; position: { x: number; y: number } }
export type Plan = {
  name: string
  zones: { name: string; rows: { row_number: string; seats: PlanSeat[] }[] }[]
  categories: { name: string; color?: string }[]
}

export const planNames = ['hall-ru-60', 'hall-ru-sector-555', 'pretix-plan-738'] as const

/** A fresh copy each time: tests bend plans. */
export function readPlan(name: string): Plan {
  const file = name.startsWith('pretix-') ? `${name}.json` : `${name}.pretix.json`
  return JSON.parse(readFileSync(new URL(file, PLANS), 'utf8')) as Plan
}

export function readExpected(name: string): ExpectedPlan {
  return JSON.parse(readFileSync(new URL(`${name}.expected.json`, PLANS), 'utf8')) as ExpectedPlan
}

/** The JSON Schema that pretix publishes for its plans. */
export function readPretixSchema(): object {
  return JSON.parse(readFileSync(new URL('pretix-plan.clean.schema.json', PLANS), 'utf8')) as object
}

/** The same plan with every seat id and every row label used once: what its owner would do about the refusal. */
export function repaired(plan: Plan): Plan {
  const seen = new Set<string>()
  for (const zone of plan.zones) {
    const rows = new Set<string>()
    for (const row of zone.rows) {
      if (rows.has(row.row_number)) row.row_number = `${row.row_number}/${rows.size}`
      rows.add(row.row_number)
      for (const seat of row.seats) {
        if (seen.has(seat.seat_guid)) seat.seat_guid = `${seat.seat_guid}-${seat.uuid ?? seen.size}`
        seen.add(seat.seat_guid)
      }
    }
  }
  return plan
}
