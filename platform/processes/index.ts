export { type JoinOptions, joinProcesses, type ProcessRegistry, TooFewConnectionsError } from './registry.ts'
