import { useEffect, useEffectEvent } from 'react'
import { KeyBurst, type Read } from './key-burst.ts'

/** What a hand scanner reads, whatever has the focus, as long as the page is open. */
export function useHandScanner(onRead: (read: Read) => void): void {
  const scanned = useEffectEvent(onRead)
  // An effect, because a scanner is a keyboard: its keys go to the window.
  useEffect(() => {
    const burst = new KeyBurst()
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return
      const read = burst.press(event.key, event.timeStamp)
      if (read === null) return
      // The Enter of a scanner submits no form and presses no button.
      event.preventDefault()
      event.stopPropagation()
      scanned(read)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
