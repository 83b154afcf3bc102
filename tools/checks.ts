import type { Check } from './check.ts'
import { checkFormat } from './format.ts'
import { checkLint } from './lint.ts'
import { checkTypes } from './types.ts'

/** In the order they run: the quick ones and those that say most come first. */
export const checks: readonly Check[] = [
  { name: 'format', run: checkFormat },
  { name: 'types', run: checkTypes },
  { name: 'lint', run: checkLint },
]
