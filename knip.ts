import type { KnipConfig } from 'knip'

/** Dead files, exports and dependencies. Each exception says why. */
const config: KnipConfig = {
  // Wrong on purpose, because other checks are proven on it; or generated whole.
  ignore: ['tools/boundaries/fixtures/**', 'tools/lint-fixtures/**', 'apps/web/api/generated/**'],
  // A type that names a parameter of an exported function may be exported with it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // A face names the types of what it offers, whether or not somebody writes them down today.
  ignoreIssues: { '{platform/*,apps/server/embedded-postgres}/index.ts': ['types'] },
  workspaces: {
    '.': {
      entry: [
        'bin/*.mjs',
        'apps/server/{main,launch,tessera}.ts',
        'apps/payment-sandbox/main.ts',
        'tools/{test,test-setup,test-foreign}.ts',
        'tools/boundaries/rules.mjs',
        'tools/generate/generate.ts',
        'tools/new-context/new-context.ts',
        'bench/run.ts',
        '**/*.test.ts',
        // Started by tests as processes of their own.
        'apps/server/*.fixture.ts',
        'apps/server/embedded-postgres/orphan.fixture.ts',
      ],
      project: ['{bin,apps/server,apps/payment-sandbox,contexts,platform,tools,tests,bench}/**/*.{ts,mjs}'],
      ignoreDependencies: [
        // Fonts of printed tickets are found by family and script, see contexts/ticketing/print/noto.ts.
        /^@(fontsource(-variable)?|expo-google-fonts)\//,
        // Brings the PostgreSQL binaries of every platform as optional dependencies; its own code is not used.
        'embedded-postgres',
        // Programs of the checks: started by name, see tools/program.ts.
        '@biomejs/biome',
        '@hey-api/openapi-ts',
        '@typescript/native',
        'dependency-cruiser',
        'oxlint',
        'oxlint-tsgolint',
      ],
      // Part of the system, installed or done without, see tools/foreign-server.ts.
      ignoreBinaries: ['pgbouncer'],
    },
    contracts: { entry: ['**/*.test.ts'], project: ['**/*.ts'] },
    'apps/web': {
      entry: ['app/**/*.{ts,tsx}', 'server.mjs', 'proxy.ts', '**/*.test.ts'],
      project: ['**/*.{ts,tsx,mjs}'],
      // `server-only` is Next's own word, `tailwindcss` is imported by globals.css.
      ignoreDependencies: ['server-only', 'tailwindcss'],
    },
  },
}

export default config
