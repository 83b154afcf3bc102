export { launchChromium } from './chromium.ts'
export { openTestContext, type TestContext, type TestContextOptions } from './context.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
export { asPrincipal } from './principals.ts'
