import { inflateSync } from 'node:zlib'
import type { Language } from '@tessera/contracts/messages/languages'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseFaces } from './choose-faces.ts'
import { drawTickets } from './draw-tickets.ts'
import { fitText } from './fit-text.ts'
import type { Role } from './fonts.ts'
import { ticketFor } from './printed-ticket.fixture.ts'
import { printable, type Run, setLine } from './set-line.ts'

/** Everything readable in a PDF of ours: its objects and its inflated streams. */
function contentOf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const parts = [text]
  for (const match of text.matchAll(/\/FlateDecode\n>>\nstream\n/g)) {
    const start = match.index + match[0].length
    parts.push(inflateSync(pdf.subarray(start, text.indexOf('\nendstream', start))).toString('latin1'))
  }
  return parts.join('\n')
}

function utf16(text: string): string {
  return Buffer.from(`\ufeff${text}`, 'utf16le').swap16().toString('latin1')
}

const NAMES = [
  'Meera Joshi',
  'خلود بنسلامة',
  'آقای لاله رخ قاضی',
  'ליאת אברון',
  'روبینہ عبدالی',
  'ޢަޠާ ސާޖީ',
  'نه‌وبه‌ش ژیار',
  '大西 正二',
  '마유준',
  '尉迟果',
  '盧胤祥',
  'ภัทรายุทธ บุรณศิริ',
  'सन्तोष पाण्डे',
  'শেখ হাসিনা',
  'தமிழ்',
  'Ռաֆայել Հակոբյան',
  'ქართლოს ლოლაძე',
  'Σπύρος Ζάππας',
  'Зореслава Стефаніївна',
  'Phục Lễ Lê',
  'Vəsiyeva Fidan',
  'JUDr. Hruška',
]

async function runsOf(role: Role, text: string): Promise<readonly Run[]> {
  return setLine(await chooseFaces(role, text), printable(text), 10).runs
}

test('names of every supported script are drawn by a font, none by boxes', async () => {
  for (const name of NAMES) {
    const runs = await runsOf('strong', name)
    expect(
      runs.filter((run) => run.kind === 'boxes'),
      name,
    ).toEqual([])
    expect(
      runs.reduce((sum, run) => sum + run.width, 0),
      name,
    ).toBeGreaterThan(10)
  }
})

test('a name has one face from its first letter to its last, in the weight of its role', async () => {
  const facesOf = async (role: Role, text: string): Promise<string[]> => {
    const runs = await runsOf(role, text)
    return [...new Set(runs.map((run) => (run.kind === 'boxes' ? 'boxes' : run.face.name)))]
  }
  expect(await facesOf('display', 'Ọ̀ṣun Grove 2')).toEqual([expect.stringContaining('NotoSans_700Bold')])
  expect(await facesOf('strong', 'Ŋiŋa ɛ̃')).toEqual([expect.stringContaining('NotoSans_600SemiBold')])
  expect(await facesOf('display', 'Гоголь')).toEqual([expect.stringContaining('geist-cyrillic-700')])
  expect(await facesOf('strong', 'ליאת אברון')).toEqual([expect.stringContaining('noto-sans-hebrew-hebrew-600')])
  expect(await facesOf('text', 'Meera Joshi')).toEqual([expect.stringContaining('geist-latin-400')])
})

test('lines run right to left where their letters do, with mirrored brackets and left-to-right numbers', async () => {
  const words = async (text: string): Promise<string[]> => (await runsOf('text', text)).map((run) => run.text.trim())
  expect(await words('ליאת (אברון)')).toEqual(['(', 'אברון', ')', 'ליאת'])
  expect(await words('שורה 12')).toEqual(['12', 'שורה'])
  expect(await words('Row שורה')).toEqual(['Row', 'שורה'])
  expect(await words('𐤀𐤃 (abc)')).toEqual(['(', 'abc', ')', '𐤀𐤃'])
})

test('words drawn as outlines are tagged for PDF readers', async () => {
  const pdf = contentOf(await drawTickets({ language: 'en', tickets: [ticketFor('خلود بنسلامة')] }))
  // pdfkit writes text strings in UTF-16, with parentheses and backslashes escaped.
  expect(pdf.replaceAll(/\\([()\\])/g, '$1')).toContain(utf16('1 of 2 · خلود بنسلامة'))
})

test('the document says which language it is in', async () => {
  const pdf = async (language: Language) => contentOf(await drawTickets({ language, tickets: [ticketFor('Ada')] }))
  expect(await pdf('de')).toContain('/Lang (de)')
  expect(await pdf('de')).toContain('(Der Code, der am Einlass gescannt wird)')
  expect(await pdf('en')).toContain('/Lang (en)')
})

test('scenario 68: tickets print for every name', async () => {
  const hostile = [
    'x'.repeat(1_000),
    'word '.repeat(200),
    '👩🏽‍🚀👨‍👩‍👧‍👦🇺🇸0️⃣',
    'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
    '\u0000\u0007\u001b[31m',
    '\ud800 lone \udfff',
    '\u202eexe.pdf\u202c',
    "=cmd|' /C calc'!A0",
    '</text><script>alert(1)</script>',
    '(\\) Tj ET',
    '﷽',
    '𠜎𠜱𝓣𝓱𝓮',
    '',
    ' ',
    '\u200b\u200d\ufe0f',
    'ａｂｃ１２３',
    '٠١٢٣',
    '\u{10ffff}\u{e0001}',
  ]
  const pdf = await drawTickets({
    language: 'en',
    tickets: hostile.map((name) =>
      ticketFor(name, { title: name, tier_name: name, venue_name: name, seat_label: name }),
    ),
  })
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(hostile.length)
})

test('lines fit the width they are given, whatever the text', async () => {
  const fit = { role: 'text' as const, width: 120, lines_max: 2, sizes: [12, 9] }
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.lorem(),
      ),
      async (text) => {
        const lines = await fitText(text, fit)
        expect(lines.length).toBeLessThanOrEqual(2)
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(fit.width + 0.01)
      },
    ),
    { numRuns: 60 },
  )
})

test('a text that fits keeps its size, a longer one shrinks, the longest is cut', async () => {
  const fit = { role: 'display' as const, width: 200, lines_max: 1, sizes: [20, 12] }
  expect(await fitText('Hamlet', fit)).toMatchObject([{ text: 'Hamlet', size: 20 }])
  expect(await fitText('The Tempest and Other Storms', fit)).toMatchObject([{ size: 12 }])
  expect((await fitText('The Tempest and Other Storms of the Late Summer', fit))[0]?.text).toMatch(/^The Tempest.*…$/)
})
