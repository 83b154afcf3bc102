/** The page's own colours, as a canvas needs them. Read anew when the theme changes. */

export type Rgb = readonly [number, number, number]

export type MapTheme = {
  paper: Rgb
  ink: string
  ink_2: string
  ink_3: string
  line: string
  line_2: string
  surface: string
  paper_css: string
  accent: string
  seat_off: string
  seat_held: string
  stage: string
  font: string
  /** Any CSS colour, also `var(--cat-1)`, made legible on this paper as a shape. */
  colorOf: (css: string) => Rgb
  /** The same for text. */
  textColorOf: (css: string) => string
  /** Paper or ink, whichever is easier to read on a ground. */
  textOn: (ground: Rgb) => string
}

const names = {
  ink: '--ink',
  ink_2: '--ink-2',
  ink_3: '--ink-3',
  line: '--line',
  line_2: '--line-2',
  surface: '--surface',
  paper_css: '--paper',
  accent: '--accent',
  seat_off: '--seat-off',
  seat_held: '--seat-held',
  stage: '--stage',
} as const

export function readTheme(element: HTMLElement): MapTheme {
  const style = getComputedStyle(element)
  const resolve = colorResolver(element)
  const paper = resolve(style.getPropertyValue('--paper') || '#fff')
  const plain = Object.fromEntries(
    Object.entries(names).map(([name, property]) => [name, cssOf(resolve(style.getPropertyValue(property) || '#888'))]),
  ) as Record<keyof typeof names, string>
  const known = new Map<string, Rgb>()
  const ink = resolve(style.getPropertyValue('--ink') || '#000')
  return {
    ...plain,
    paper,
    font: style.fontFamily,
    colorOf: (css) => {
      const color = known.get(css) ?? legible(resolve(css), paper)
      known.set(css, color)
      return color
    },
    textColorOf: (css) => cssOf(legible(resolve(css), paper, TEXT_CONTRAST)),
    textOn: (ground) => cssOf(contrast(ink, ground) >= contrast(paper, ground) ? ink : paper),
  }
}

/** Lets the browser itself read the colour: it knows variables, names and every notation. */
function colorResolver(element: HTMLElement): (css: string) => Rgb {
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (css) => {
    const probe = document.createElement('span')
    probe.style.color = css.trim()
    // Else every colour reads as the system's text where colours are forced.
    probe.style.setProperty('forced-color-adjust', 'none')
    probe.style.display = 'none'
    element.append(probe)
    const computed = getComputedStyle(probe).color
    probe.remove()
    if (context === null) return [128, 128, 128]
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = computed
    context.fillRect(0, 0, 1, 1)
    const [r = 128, g = 128, b = 128] = context.getImageData(0, 0, 1, 1).data
    return [r, g, b]
  }
}

export function cssOf([r, g, b]: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${r} ${g} ${b})` : `rgb(${r} ${g} ${b} / ${alpha.toFixed(3)})`
}

/** WCAG 2 relative luminance, 0 … 1. */
function luminance([r, g, b]: Rgb): number {
  const linear = (channel: number) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

export function contrast(a: Rgb, b: Rgb): number {
  const [one, two] = [luminance(a), luminance(b)]
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05)
}

/** WCAG 1.4.11 asks 3 : 1 of shapes that mean something, 1.4.3 asks 4.5 : 1 of text. */
const SHAPE_CONTRAST = 3
export const TEXT_CONTRAST = 4.5

/** The colour, moved towards black or white just as far as it takes to stand out from the paper. */
export function legible(color: Rgb, paper: Rgb, enough = SHAPE_CONTRAST): Rgb {
  const target: Rgb = luminance(paper) > 0.4 ? [0, 0, 0] : [255, 255, 255]
  for (let part = 0; part < 1; part += 0.05) {
    const moved = mix(color, target, part)
    if (contrast(moved, paper) >= enough) return moved
  }
  return target
}

export function mix(a: Rgb, b: Rgb, part: number): Rgb {
  const blend = (from: number, to: number) => Math.round(from + (to - from) * part)
  return [blend(a[0], b[0]), blend(a[1], b[1]), blend(a[2], b[2])]
}

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

/** Black or white, whichever is easier to read on the colour: one of them always has 4.5 : 1. */
export function inkOn(color: Rgb): Rgb {
  return contrast(BLACK, color) >= contrast(WHITE, color) ? BLACK : WHITE
}
