export { createRpc, type RpcClients, type RpcRegistry, RpcUnavailableError } from './rpc.ts'
