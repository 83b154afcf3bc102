import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { TesseraChart } from './chart.ts'
import { normaliseChart } from './normalise.ts'
import { arbitraryChart } from './random-chart.fixture.ts'
import { toTesseraChart } from './tessera-chart.ts'

const outline = { shape: 'ellipse', x: 0, y: 0, rx: 10, ry: 10 }
const seat = { id: 'T-1', label: '1', x: 1, y: 2, category: 'A' }

function refusedAt(document: object): string[] {
  const base = { format: 'tessera-chart/1', name: 'Hall', categories: [{ name: 'A', color: '#123' }] }
  const outcome = normaliseChart({ ...base, ...document })
  return outcome.kind === 'chart' ? [] : outcome.errors.map((error) => error.pointer)
}

describe('the Tessera chart', () => {
  test('a chart written out is read back as it was, and keeps to its schema', () => {
    fc.assert(
      fc.property(arbitraryChart, (chart) => {
        const document = toTesseraChart(chart)
        expect(Value.Check(TesseraChart, document)).toBe(true)
        expect(normaliseChart(JSON.parse(JSON.stringify(document)))).toEqual({ kind: 'chart', chart })
      }),
      { numRuns: 60 },
    )
  })

  test('standing areas alone make a chart', () => {
    const areas = [{ id: 'floor', name: 'Floor', category: 'A', capacity: 500, outline }]
    expect(refusedAt({ areas })).toEqual([])
  })

  test('companions are bound to their seat', () => {
    const seats = [seat, { ...seat, id: 'T-2', label: '2', companion_of: 'T-1' }]
    expect(refusedAt({ sections: [{ name: 'S', rows: [{ label: 'A', seats }] }] })).toEqual([])
  })

  test.each<[string, object, string]>([
    ['a repeated category', { categories: [{ name: 'A' }, { name: 'A' }] }, '/categories/1/name'],
    ['a wild colour', { categories: [{ name: 'A', color: 'red;}' }] }, '/categories/0/color'],
    ['an empty name', { name: '' }, '/name'],
    ['no places', {}, '/sections'],
    [
      'two seats of one label',
      {
        sections: [
          { name: 'S', rows: [{ label: 'A', seats: [seat, { ...seat, id: 'T-2', label: ` ${seat.label} ` }] }] },
        ],
      },
      '/sections/0/rows/0/seats/1/label',
    ],
    [
      'two rows of one label whose seats are called the same',
      {
        sections: [
          {
            name: 'S',
            rows: [
              { label: 'A', seats: [seat] },
              { label: 'A', seats: [{ ...seat, id: 'T-2' }] },
            ],
          },
        ],
      },
      '/sections/0/rows/1/seats/0/label',
    ],
    [
      'a seat without any label',
      { sections: [{ name: '', rows: [{ label: '', seats: [{ ...seat, label: '' }] }] }] },
      '/sections/0/rows/0/seats/0/label',
    ],
    [
      'a strange flag',
      { sections: [{ name: 'S', rows: [{ label: 'A', seats: [{ ...seat, accessible: 1 }] }] }] },
      '/sections/0/rows/0/seats/0/accessible',
    ],
    [
      'an unknown companion',
      { sections: [{ name: 'S', rows: [{ label: 'A', seats: [{ ...seat, companion_of: 'T-1' }] }] }] },
      '/sections/0/rows/0/seats/0/companion_of',
    ],
    [
      'an id used in another section',
      {
        sections: [
          { name: 'S', rows: [{ label: 'A', seats: [seat] }] },
          { name: 'T', tables: [{ label: '1', outline, seats: [seat] }] },
        ],
      },
      '/sections/1/tables/0/seats/0/id',
    ],
    [
      'an area named like a seat',
      {
        sections: [{ name: 'S', rows: [{ label: 'A', seats: [seat] }] }],
        areas: [{ id: 'T-1', name: 'F', category: 'A', capacity: 1, outline }],
      },
      '/areas/0/id',
    ],
    ['half a person', { areas: [{ id: 'f', name: 'F', category: 'A', capacity: 1.5, outline }] }, '/areas/0/capacity'],
    ['a flat ellipse', { shapes: [{ kind: 'stage', outline: { ...outline, rx: 0 } }] }, '/shapes/0/outline/rx'],
    [
      'a line as polygon',
      { shapes: [{ kind: 'stage', outline: { shape: 'polygon', points: [{ x: 0, y: 0 }] } }] },
      '/shapes/0/outline/points',
    ],
    ['an unknown shape', { shapes: [{ kind: 'stage', outline: { shape: 'blob' } }] }, '/shapes/0/outline/shape'],
    ['an unknown kind', { shapes: [{ kind: 'bar', outline }] }, '/shapes/0/kind'],
  ])('refuses %s', (_, document, pointer) => {
    expect(refusedAt(document)).toContain(pointer)
  })
})
