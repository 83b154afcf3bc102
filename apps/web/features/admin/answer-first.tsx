import type { ReactNode } from 'react'

/** The head of an admin page: its answer as a sentence, then what stands behind it. */
export function AnswerFirst({ answer, children }: { answer: string; children: ReactNode }) {
  return (
    <header className="mb-8 md:mb-10">
      <h1 className="max-w-[20ch] text-40 md:text-64">{answer}</h1>
      <p className="mt-4 max-w-[62ch] text-ink-2 md:text-20">{children}</p>
    </header>
  )
}
