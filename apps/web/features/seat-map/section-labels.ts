/** What is written on the sections of a big room, so that no two labels touch. Kernels: data in, data out. */
import { type Box, meet } from './camera.ts'

/** A section that wants a label round x, y. Lengths are canvas pixels, `room_px` (how far the section reaches) CSS pixels. */
export type LabelWish = {
  name: string
  /** What stands under the name, the most important first; empty: nothing is to be told. */
  words: readonly string[]
  free: number
  x: number
  y: number
  room_px: number
  /** Of the name's letters. */
  size: number
  /** Of the section itself. */
  extent: () => { across: number; down: number }
}

/** Lines from top to bottom, the first of them the name. */
export type PlacedLabel<Wish extends LabelWish> = { wish: Wish; lines: readonly string[]; box: Box }

/** `lineWidth`: of a line in letters of size 1; the first line is bold. */
type Measure = (line: string, is_name: boolean) => number

/**
 * Places the names, with words where there is room for them; a label that would touch an earlier one is left out, so the
 * most important come first. Then the number of free seats stands alone, below or beside the name, where words did not
 * fit, the section itself has room for it and no other label is touched.
 */
export function placeLabels<Wish extends LabelWish>(
  wishes: readonly Wish[],
  margin: number,
  lineWidth: Measure,
): PlacedLabel<Wish>[] {
  const boxOf = ({ x, y, size }: Wish, lines: readonly string[]): Box => {
    const widths = lines.map((line, n) => size * (n === 0 ? 1 : WORDS_SIZE) * lineWidth(line, n === 0))
    const half = Math.max(...widths) / 2 + margin
    const tall = size * (1 + 0.6 * (lines.length - 1))
    return { left: x - half, right: x + half, top: y - tall, bottom: y + tall }
  }
  const placed: PlacedLabel<Wish>[] = []
  const isClear = (box: Box, own?: object) => placed.every((other) => other === own || !meet(box, other.box))
  for (const wish of wishes) {
    const words = wish.words.slice(0, wish.room_px > 116 ? 2 : wish.room_px > 40 ? 1 : 0)
    const choices = words.length > 0 ? [[wish.name, ...words], [wish.name]] : [[wish.name]]
    const lines = choices.find((one) => isClear(boxOf(wish, one)))
    if (lines !== undefined) placed.push({ wish, lines, box: boxOf(wish, lines) })
  }
  for (const label of placed) {
    const { wish } = label
    if (label.lines.length > 1 || wish.words.length === 0) continue
    const number = wish.free.toLocaleString('en')
    const { across, down } = wish.extent()
    const lines = [[wish.name, number], [`${wish.name} · ${number}`]].find((one) => {
      const box = boxOf(wish, one)
      return box.right - box.left <= across && one.length * wish.size * LINE <= down && isClear(box, label)
    })
    if (lines !== undefined) Object.assign(label, { lines, box: boxOf(wish, lines) })
  }
  return placed
}

/** Against the size of the name's letters: those of the words, and the height of a line. */
export const WORDS_SIZE = 0.84
const LINE = 1.1
