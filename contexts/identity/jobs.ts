import type { Job } from '#platform/jobs'
import type { Deps } from './deps.ts'
import { rotateKeys } from './signing-keys.ts'
import { sweep } from './sweep.ts'

export function jobs(deps: Deps): Job[] {
  return [
    { name: 'identity.rotate-keys', cron: '17 4 1 * *', run: (input) => rotateKeys(deps, input) },
    { name: 'identity.sweep', cron: '41 3 * * *', run: (input) => sweep(deps, input) },
  ]
}
