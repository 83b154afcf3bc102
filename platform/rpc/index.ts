export { createRpc, RpcUnavailableError, type RpcClients, type RpcRegistry } from './rpc.ts'
