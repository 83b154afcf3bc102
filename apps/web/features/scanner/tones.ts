import type { DoorAnswer } from './answer.ts'

/** Grounds of the scanner, as classes. Text and focus ring on them are white in either theme. */
export const GROUND = 'bg-[#12110f] text-white [--focus:#fff]'

export const TONES: Readonly<Record<DoorAnswer['tone'], string>> = {
  admit: 'bg-[#0b7a4b]',
  refuse: 'bg-[#a3211a]',
  unsure: 'bg-[#8a5300]',
  undone: 'bg-[#34506b]',
}

/** Above and below: on an answer's colour, or on the camera's picture, which may be white. */
export const BARS = { on_answer: 'bg-black/25', on_picture: 'bg-black/60' } as const
