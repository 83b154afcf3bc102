'use client'
import { problemText } from '../../api/problem-text.ts'
import { Empty } from '../../ui/empty.tsx'

export default function AdminError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <div className="max-w-[960px]">
      <h1 className="mb-8 max-w-[18ch]">This did not load.</h1>
      <Empty
        title="Nothing was changed"
        action={
          <button type="button" className="btn ink" onClick={reset}>
            Try again
          </button>
        }
      >
        {problemText(error)} What waits here still waits, and selling goes on without this page.
      </Empty>
    </div>
  )
}
