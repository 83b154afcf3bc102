'use client'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'

type Props = { open: boolean; title: string; onClose: () => void; children: ReactNode }

/**
 * The browser's own modal: it keeps focus inside, closes on Escape, and gives focus back. A sheet from below on phones. The
 * field marked `data-autofocus` has the focus first; React's `autoFocus` acts before the dialog is shown, and is lost.
 */
export function Dialog({ open, title, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  // An effect, because only a call can make a dialog modal: the `open` attribute makes it a plain box.
  useEffect(() => {
    const dialog = ref.current
    if (open && dialog && !dialog.open) {
      dialog.showModal()
      dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    }
    if (!open && dialog?.open) dialog.close()
  }, [open])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the click beside it closes; its key is Escape, by the browser
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="w-full max-w-full rounded-t-xl bg-surface p-0 text-ink max-md:mb-0 md:w-[480px] md:rounded-xl"
    >
      {open && (
        <div className="rise p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={id} className="min-w-0">
              {title}
            </h2>
            <button
              type="button"
              aria-label="Close"
              onClick={onClose}
              className="-mt-2 -mr-2 grid size-11 flex-none place-items-center"
            >
              <X size={22} aria-hidden="true" />
            </button>
          </div>
          <div className="mt-4">{children}</div>
        </div>
      )}
    </dialog>
  )
}
