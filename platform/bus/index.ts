export { type Consumer, consumer, type Envelope } from './consumer.ts'
export { publisher } from './publish.ts'
export { openRelay, type Relay, type RelayOptions, replay } from './relay.ts'
