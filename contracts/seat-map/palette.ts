/** Colours for categories whose chart names none: distinct in hue and lightness, safe for the colour-blind. */
const palette = ['#7a1fa2', '#2f55d4', '#00838f', '#c06a00', '#5b8a00', '#b3261e', '#5c6bc0', '#795548'] as const

/** The colour of the n-th category. */
export function categoryColor(n: number): string {
  return palette[n % palette.length] ?? palette[0]
}
