import type { StripeEvent } from '../objects.ts'
import { badParameter } from '../refusal.ts'
import { one } from './charges.ts'
import { page } from './list.ts'
import type { Call, Reply } from './serve.ts'

const TYPES_MAX = 20

export function list({ tx, params }: Call): Reply {
  const type = params.text('type')
  const types = params.texts('types')
  const delivered = params.flag('delivery_success')
  if (types.length > TYPES_MAX) throw badParameter('types', 'parameter_invalid_array', `At most ${TYPES_MAX} types.`)
  const wanted = type === undefined ? types : [...types, type]
  const matches = (event: StripeEvent): boolean =>
    (wanted.length === 0 || wanted.some((pattern) => fits(pattern, event.type))) &&
    (delivered === undefined || (event.pending_webhooks === 0) === delivered)
  return { kind: 'ok', body: page(tx.state.events, params, '/v1/events', matches) }
}

export function retrieve({ tx, id, params }: Call): Reply {
  return one(tx.state.events, 'event', id, params)
}

/** `charge.*` means every type that begins with `charge.`. */
function fits(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}
