import type { ChartOutcome } from './chart.ts'
import { importPretix } from './pretix-plan.ts'
import { isFields, own } from './read-document.ts'
import { importTesseraChart } from './tessera-chart.ts'

/**
 * The chart in `body`: a Tessera chart, or a pretix seating plan as it is.
 *
 * Refused (`invalid-chart`, at most 250 errors, each with the JSON Pointer of the place): neither format · a member of
 * the wrong type · a seat without an id · an id used twice (one error an id, at its second place) · two seats of one
 * visible label (section, row and seat together; one error a label) or a seat without any · an unknown category ·
 * a coordinate that is not finite or beyond ±1,000,000 · text over its limit or unprintable · more than 80,000 seats ·
 * no seat and no standing area. Nothing is ever changed to make a chart fit.
 */
export function normaliseChart(body: unknown): ChartOutcome {
  if (!isFields(body)) return refuse('', 'must be a JSON object: a Tessera chart or a pretix seating plan')
  const format = own(body, 'format')
  if (format === 'tessera-chart/1') return importTesseraChart(body)
  const hasZones = own(body, 'zones') !== undefined
  if (format !== undefined && !hasZones) return refuse('/format', 'must be "tessera-chart/1"')
  if (!hasZones) {
    return refuse('', 'is neither a Tessera chart (no "format") nor a pretix seating plan (no "zones")')
  }
  return importPretix(body)
}

function refuse(pointer: string, detail: string): ChartOutcome {
  return { kind: 'invalid-chart', errors: [{ pointer, detail }] }
}
