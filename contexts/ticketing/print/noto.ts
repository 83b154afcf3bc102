import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A file of a Noto family: a stretch of Unicode at each of its weights. */
export type NotoSlice = {
  family: string
  ranges: readonly (readonly [first: number, last: number])[]
  /** Weights with a file of their own; null for a variable font, which has them all in one file. */
  weights: readonly number[] | null
  file(weight: number): string
}

/** Scripts whose family is called `noto-sans-<script>` on Fontsource: every one of Noto's that is published there. */
const SANS = `
  armenian arabic adlam avestan bamum bengali balinese buginese brahmi buhid canadian-aboriginal carian cherokee
  cham coptic cuneiform cypriot deseret devanagari egyptian-hieroglyphs ethiopic georgian glagolitic grantha
  gothic gujarati hanifi-rohingya gurmukhi hanunoo hatran hebrew javanese kannada kawi kayah-li kharoshthi khojki
  khmer khudawadi lao lepcha limbu linear-b linear-a lycian lisu lydian malayalam marchen manichaean
  mayan-numerals meetei-mayek mende-kikakui modi miao mongolian myanmar new-tai-lue newa nushu ogham ol-chiki
  old-hungarian old-italic old-north-arabian old-permic old-persian old-sogdian old-south-arabian old-turkic oriya
  osage osmanya pau-cin-hau phoenician rejang runic samaritan saurashtra sharada shavian signwriting siddham
  sinhala sundanese sora-sompeng sunuwar syloti-nagri syriac tagalog tagbanwa tai-le tai-tham tai-viet tamil
  tamil-supplement tangsa telugu thai thaana tifinagh tirhuta vai warang-citi yi zanabazar-square nko
`
const SERIF = `
  ahom dives-akuru dogra khitan-small-script makasar np-hmong old-uyghur ottoman-siyaq tangut tibetan todhri toto
`
/** Symbols come after the scripts: their files repeat letters that belong to a script. */
const FAMILIES = [
  ...wordsOf(SANS).map((script) => `noto-sans-${script}`),
  ...wordsOf(SERIF).map((script) => `noto-serif-${script}`),
  'noto-sans-symbols',
  'noto-sans-symbols-2',
  'noto-sans-math',
  'noto-emoji',
]
/** Subsets that many families repeat for mixed text, those that are only numbered among them; another family owns them. */
const SHARED = /^(latin|latin-ext|vietnamese|cyrillic|cyrillic-ext|greek|greek-ext|math|symbols|\[\d+\])$/

const WHOLE: readonly (readonly [number, number])[] = [[0, 0x10_ffff]]
const STYLES: Readonly<Record<number, string>> = { 400: '400Regular', 600: '600SemiBold', 700: '700Bold' }

const require = createRequire(import.meta.url)

/** Latin, Greek and Cyrillic with every mark, in one file, so that a mark finds the letter it belongs to. */
export const NOTO_SANS: NotoSlice = {
  family: 'noto-sans',
  ranges: WHOLE,
  weights: [400, 600, 700],
  file: (weight) => `@expo-google-fonts/noto-sans/${STYLES[weight]}/NotoSans_${STYLES[weight]}.ttf`,
}

let slices: readonly NotoSlice[] | undefined
const han = new Map<string, readonly NotoSlice[]>()

/** Every slice but those of Noto Sans itself and of the Han script, in the order in which they are tried. */
export function notoSlices(): readonly NotoSlice[] {
  slices ??= FAMILIES.flatMap(staticSlices)
  return slices
}

/** The slices of Noto Sans `jp`, `kr`, `sc` or `tc`. */
export function hanSlices(language: 'jp' | 'kr' | 'sc' | 'tc'): readonly NotoSlice[] {
  const known = han.get(language) ?? variableSlices(`noto-sans-${language}`)
  han.set(language, known)
  return known
}

function staticSlices(family: string): NotoSlice[] {
  const { weights } = JSON.parse(readFileSync(require.resolve(`@fontsource/${family}/metadata.json`), 'utf8')) as {
    weights: number[]
  }
  return subsetsOf(`@fontsource/${family}`).map(({ subset, ranges }) => ({
    family,
    ranges,
    weights,
    file: (weight) => `@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`,
  }))
}

function variableSlices(family: string): NotoSlice[] {
  return subsetsOf(`@fontsource-variable/${family}`).map(({ subset, ranges }) => ({
    family,
    ranges,
    weights: null,
    file: () => `@fontsource-variable/${family}/files/${family}-${subset}-wght-normal.woff2`,
  }))
}

/** A family's own files with the ranges that its `unicode.json` gives them. */
function subsetsOf(name: string): { subset: string; ranges: [number, number][] }[] {
  const subsets = JSON.parse(readFileSync(require.resolve(`${name}/unicode.json`), 'utf8')) as Record<string, string>
  const own = Object.entries(subsets).filter(([subset]) => !SHARED.test(subset))
  return (own.length > 0 ? own : Object.entries(subsets)).map(([subset, ranges]) => ({
    subset: subset.replaceAll(/[[\]]/g, ''),
    ranges: ranges.split(',').map((range): [number, number] => {
      const [from = '', to = from] = range.trim().slice(2).split('-')
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)]
    }),
  }))
}

function wordsOf(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== '')
}
