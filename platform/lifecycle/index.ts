export { announceReady, onParentGone, onShutdownSignal, type ReadyMessage } from './lifecycle.ts'
