import { useEffect, useEffectEvent } from 'react'
import { KeyBurst } from './key-burst.ts'

/** Codes from a hand scanner, whatever has the focus, as long as the page is open. */
export function useHandScanner(onCode: (code: string) => void): void {
  const scanned = useEffectEvent(onCode)
  // An effect, because a scanner is a keyboard: its keys go to the window.
  useEffect(() => {
    const burst = new KeyBurst()
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return
      const code = burst.press(event.key, event.timeStamp)
      if (code === null) return
      // The Enter of a scanner submits no form and presses no button.
      event.preventDefault()
      event.stopPropagation()
      scanned(code)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
