export { announceReady, CANNOT_RUN_EXIT_CODE, onParentGone, onShutdownSignal, type ReadyMessage } from './lifecycle.ts'
