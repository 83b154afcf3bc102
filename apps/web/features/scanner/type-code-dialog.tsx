'use client'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'

type Props = { open: boolean; onClose: () => void; onCode: (code: string) => void }

/** For a code that no camera can read: the ten characters under the square. */
export function TypeCodeDialog({ open, onClose, onCode }: Props) {
  return (
    <Dialog open={open} title="Type a code" onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const code = String(new FormData(event.currentTarget).get('code') ?? '')
          onClose()
          onCode(code)
        }}
      >
        <Field
          label="Code under the square"
          hint="Ten letters and figures, such as K7M4R-9TX3A"
          name="code"
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          data-autofocus
        />
        <button type="submit" className="btn">
          Check it
        </button>
      </form>
    </Dialog>
  )
}
