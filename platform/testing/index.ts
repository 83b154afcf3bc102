export { createTestDatabase, type TestDatabase } from './database.ts'
export { openTestContext, type TestContext, type TestContextOptions } from './context.ts'
export { asPrincipal, testToken } from './principals.ts'
