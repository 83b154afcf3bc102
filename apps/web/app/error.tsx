'use client'
import { paths } from '../paths.ts'
import { Empty } from '../ui/empty.tsx'

/** Whatever a page could not cope with. Server errors come without details, so the words are general on purpose. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main" className="wrap pt-12 pb-20">
      <h1 className="mb-8 max-w-[14ch]">The lights went out for a moment.</h1>
      <Empty
        title="This page could not be shown"
        action={
          <>
            <button type="button" className="btn" onClick={reset}>
              Try again
            </button>
            <a className="btn quiet" href={paths.discover()}>
              See what is on
            </a>
          </>
        }
      >
        It is our fault, not yours. What you have on hold stays on hold until its time ends, and what you paid for is
        safe.
        {error.digest && <span className="mt-2 block text-14">If you write to us, mention {error.digest}.</span>}
      </Empty>
    </main>
  )
}
