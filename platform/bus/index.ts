export { type Consumer, type Envelope, consumer } from './consumer.ts'
export { publisher } from './publish.ts'
export { openRelay, type Relay, type RelayOptions, replay } from './relay.ts'
