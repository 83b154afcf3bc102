'use client'
import { useState } from 'react'

/** The order's own link, for a guest who has no account to find it in again. */
export function KeepLink({ url }: { url: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <button
      type="button"
      className="chip"
      onClick={async () => {
        await navigator.clipboard.writeText(new URL(url, location.origin).href)
        setCopied(true)
      }}
    >
      <span aria-live="polite">{copied ? 'Copied: keep it to yourself' : 'Copy order link'}</span>
    </button>
  )
}
