import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 30_000, hookTimeout: 60_000 }
/** The tiers that need a PostgreSQL: one is started for all of them. */
const with_database = { ...shared, globalSetup: ['./tools/test-setup.ts'] }
const ignored = ['**/node_modules/**', '**/.next/**', '**/.tessera/**']

/** One project a test tier; the tier is in the file name. Tiers run one after the other: each has its own number of workers. */
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...ignored, '**/*.pg.test.ts', '**/*.race.test.ts', '**/*.long.test.ts', 'tests/**'],
        },
      },
      {
        extends: true,
        test: {
          ...with_database,
          name: 'pg',
          sequence: { groupOrder: 1 },
          include: ['**/*.pg.test.ts'],
          exclude: [...ignored, 'tests/**'],
          // One more than the smallest machine has cores: many of these wait.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: {
          ...with_database,
          testTimeout: 120_000,
          name: 'race',
          sequence: { groupOrder: 2 },
          include: ['**/*.race.test.ts'],
          exclude: ignored,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...with_database,
          testTimeout: 300_000,
          name: 'product',
          sequence: { groupOrder: 3 },
          include: ['tests/**/*.test.ts'],
          exclude: [...ignored, '**/*.race.test.ts', '**/*.long.test.ts'],
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          ...with_database,
          testTimeout: 7_200_000,
          name: 'long',
          sequence: { groupOrder: 4 },
          include: ['**/*.long.test.ts'],
          exclude: ignored,
          maxWorkers: 1,
          fileParallelism: false,
        },
      },
    ],
  },
})
