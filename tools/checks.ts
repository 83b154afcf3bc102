import { checkBoundaries } from './boundaries/check.ts'
import type { Check } from './check.ts'
import { checkDeadCode } from './dead-code.ts'
import { checkLinks } from './docs-check/links.ts'
import { checkProblems } from './docs-check/problems.ts'
import { checkFiles } from './file-rules.ts'
import { checkFormat } from './format.ts'
import { checkGenerated } from './generate/check.ts'
import { checkLint } from './lint.ts'
import { checkLock } from './lock.ts'
import { checkMessages } from './messages-check/check.ts'
import { checkSql } from './sql-check/check.ts'
import { checkTypes } from './type-check.ts'

/** In the order they run. */
export const checks: readonly Check[] = [
  { name: 'format', run: checkFormat },
  { name: 'types', run: checkTypes },
  { name: 'lint', run: checkLint },
  { name: 'files', run: checkFiles },
  { name: 'boundaries', run: checkBoundaries },
  { name: 'dead-code', run: checkDeadCode },
  { name: 'sql', run: checkSql },
  { name: 'generated', run: checkGenerated },
  { name: 'messages', run: checkMessages },
  { name: 'problems', run: checkProblems },
  { name: 'links', run: checkLinks },
  { name: 'lock', run: checkLock },
]
