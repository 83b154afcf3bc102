export { type Consumer, consumer, type Envelope, type EventOf } from './consumer.ts'
export { openPostgresTransport } from './postgres/outbox-feed.ts'
export { batchPublisher, publisher } from './publish.ts'
export { openRelay, type Relay, type RelayOptions } from './relay.ts'
