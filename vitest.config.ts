import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 30_000, hookTimeout: 60_000 }
const ignored = ['**/node_modules/**', '**/.next/**', '**/.tessera/**']

/** One project a test tier; the tier is in the file name. */
export default defineConfig({
  test: {
    globalSetup: ['./tools/test-setup.ts'],
    projects: [
      {
        extends: true,
        test: { ...shared, name: 'unit', include: ['**/*.test.ts', '**/*.test.tsx'], exclude: [...ignored, '**/*.pg.test.ts', '**/*.race.test.ts', '**/*.long.test.ts', 'tests/**'] },
      },
      { extends: true, test: { ...shared, name: 'pg', include: ['**/*.pg.test.ts'], exclude: [...ignored, 'tests/**'], maxWorkers: 2 } },
      {
        extends: true,
        test: { ...shared, testTimeout: 120_000, name: 'race', include: ['**/*.race.test.ts'], exclude: ignored, maxWorkers: 1, fileParallelism: false },
      },
      {
        extends: true,
        test: { ...shared, testTimeout: 300_000, name: 'product', include: ['tests/**/*.test.ts'], exclude: [...ignored, '**/*.race.test.ts', '**/*.long.test.ts'], maxWorkers: 1, fileParallelism: false },
      },
      {
        extends: true,
        test: { ...shared, testTimeout: 7_200_000, name: 'long', include: ['**/*.long.test.ts'], exclude: ignored, maxWorkers: 1, fileParallelism: false },
      },
    ],
  },
})
