import { capitalised } from '../../ui/capitalised.ts'

export type PlacePart = { name: string; value: string }

/**
 * A seat's label as the parts a person looks for on a wall: `Stalls, row F, seat 12` → Area Stalls, Row F, Seat 12. The
 * chart's own words are kept (`Reihe F` → Reihe F). Anything that does not fall into area, row and seat stays whole.
 */
export function placeParts(label: string): PlacePart[] {
  const [area, ...rest] = label.split(', ')
  const named = rest.map((part): PlacePart | null => {
    const cut = part.lastIndexOf(' ')
    return cut > 0 ? { name: capitalised(part.slice(0, cut)), value: part.slice(cut + 1) } : null
  })
  if (!area || rest.length !== 2 || named.includes(null)) return [{ name: 'Place', value: label }]
  return [{ name: 'Area', value: area }, ...named.filter((part) => part !== null)]
}
