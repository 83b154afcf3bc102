/** Which way arrows may run: apps > contexts > contracts and platform. Read by dependency-cruiser. */
const ban = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
})

/** Files that only tests run. */
export const ONLY_TESTS = '(\\.test\\.tsx?|(^|[/.])fixture\\.ts|(^|/)testing\\.ts|^platform/testing/.*)$'

/** The generated client's own types name each other across its files. */
export const GENERATED = '^apps/web/api/generated/'

export default {
  forbidden: [
    ban('platform-knows-nothing', '^platform/', '^(contracts|contexts|apps|bench|tests)/', 'platform stands under all'),
    ban(
      'contracts-are-leaves',
      '^contracts/',
      '^(platform|contexts|apps|bench|tests)/',
      'the browser bundles contracts',
    ),
    ban('contexts-do-not-climb', '^contexts/', '^(apps|bench|tests)/', 'a context never imports an app'),
    {
      name: 'no-sideways',
      severity: 'error',
      comment: 'contexts talk by events, RPC contracts and signals only',
      from: { path: '^contexts/([^/]+)/' },
      to: { path: '^contexts/', pathNot: '^contexts/$1/' },
    },
    {
      name: 'only-the-front-door',
      severity: 'error',
      comment: 'apps mount a context by its index.ts',
      from: { path: '^(apps|bench)/' },
      to: { path: '^contexts/', pathNot: '^contexts/[^/]+/index\\.ts$' },
    },
    ban('web-speaks-http', '^apps/web/', '^(platform|contexts|bench|apps/server)/', 'web knows contracts and HTTP'),
    ban(
      'sandbox-stands-alone',
      '^apps/payment-sandbox/',
      '^(contexts|bench|apps/(server|web))/',
      'the sandbox is another company, reached by HTTP',
    ),
    {
      name: 'platform-by-its-face',
      severity: 'error',
      comment: '#platform/x is platform/x/index.ts; what is not exported there is nobody else’s',
      from: { path: '^(apps|contexts|bench|tests)/' },
      to: { path: '^platform/', pathNot: '^platform/[^/]+/index\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: { pathNot: GENERATED }, to: { circular: true } },
    {
      name: 'not-to-test',
      severity: 'error',
      comment: 'the product never imports what only tests use',
      from: { path: '^(platform|contracts|contexts|apps)/', pathNot: ONLY_TESTS },
      to: { path: ONLY_TESTS },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'server-only is Next’s own word',
      from: {},
      to: { couldNotResolve: true, pathNot: '^server-only$' },
    },
    { name: 'declared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    {
      name: 'runs-without-development-tools',
      severity: 'error',
      from: { path: '^(platform|contracts|contexts|apps)/', pathNot: ONLY_TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'], pathNot: '/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(\\.next|\\.tessera)/', '^tools/(boundaries/fixtures|lint-fixtures)/'] },
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.d.ts'],
    },
  },
}
