import type { DoorAnswer } from './answer.ts'

type Note = { hertz: number; at_s: number; length_s: number }

const NOTES: Readonly<Record<DoorAnswer['tone'], readonly Note[]>> = {
  admit: [
    { hertz: 660, at_s: 0, length_s: 0.09 },
    { hertz: 990, at_s: 0.1, length_s: 0.16 },
  ],
  refuse: [
    { hertz: 196, at_s: 0, length_s: 0.22 },
    { hertz: 147, at_s: 0.26, length_s: 0.34 },
  ],
  unsure: [{ hertz: 330, at_s: 0, length_s: 0.3 }],
  undone: [
    { hertz: 660, at_s: 0, length_s: 0.09 },
    { hertz: 440, at_s: 0.1, length_s: 0.16 },
  ],
}
const PULSES_MS: Readonly<Record<DoorAnswer['tone'], number[]>> = {
  admit: [80],
  refuse: [220, 90, 220],
  unsure: [120],
  undone: [80],
}
const VOLUME = 0.25

let audio: AudioContext | undefined

/** Browsers let a page sound only after a touch: call this from one. */
export function allowSound(): void {
  audio ??= new AudioContext()
  audio.resume().catch(() => undefined)
}

/** Sound and vibration of an answer, so that nobody has to look at the screen to know it. */
export function feel(tone: DoorAnswer['tone']): void {
  navigator.vibrate?.(PULSES_MS[tone])
  if (!audio) return
  for (const { hertz, at_s, length_s } of NOTES[tone]) {
    const start = audio.currentTime + at_s
    const oscillator = new OscillatorNode(audio, { frequency: hertz, type: tone === 'refuse' ? 'square' : 'sine' })
    const gain = new GainNode(audio, { gain: VOLUME })
    gain.gain.setTargetAtTime(0, start + length_s - 0.03, 0.012)
    oscillator.connect(gain).connect(audio.destination)
    oscillator.start(start)
    oscillator.stop(start + length_s + 0.1)
  }
}
