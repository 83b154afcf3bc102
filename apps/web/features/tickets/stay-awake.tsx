'use client'
import { useEffect } from 'react'

/** Keeps the screen awake while the code is shown at the door; where the device cannot, nothing is lost. */
export function StayAwake() {
  // An effect, because the lock belongs to the device and has to be given back.
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let gone = false
    const take = () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      navigator.wakeLock.request('screen').then(
        (taken) => {
          if (gone) void taken.release()
          else lock = taken
        },
        () => undefined,
      )
    }
    take()
    document.addEventListener('visibilitychange', take)
    return () => {
      gone = true
      document.removeEventListener('visibilitychange', take)
      void lock?.release()
    }
  }, [])
  return null
}
