'use client'
import { useState } from 'react'

/** Shares the page by the device's own sheet, or copies its address where there is none. */
export function ShareButton({ title }: { title: string }) {
  const [copied, setCopied] = useState(false)
  async function share() {
    const url = location.href
    try {
      if (navigator.share) return await navigator.share({ title, url })
      await navigator.clipboard.writeText(url)
      setCopied(true)
    } catch {
      // The person closed the sheet, or the browser keeps the clipboard to itself: nothing to repair.
    }
  }
  return (
    <button type="button" className="link text-ink" onClick={share} aria-live="polite">
      {copied ? 'Link copied' : 'Share'}
    </button>
  )
}
