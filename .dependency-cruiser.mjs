// The rules of the house, see docs/architecture.md. Imports run downwards:
// cli → server → terminal, exercise → grading, inspector, sandbox → store, setup, protocol.
const from = (path, pathNot) => ({ path, ...(pathNot && { pathNot }) });

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src', pathNot: '\\.d\\.ts$|^src/(islands|content|i18n|components|protocol)' },
      to: {},
    },
    {
      name: 'islands-stay-in-the-browser',
      comment: 'islands import protocol and i18n only',
      severity: 'error',
      from: from('^src/islands'),
      to: { path: '^(src|graders|labs)/', pathNot: '^src/(islands|protocol|i18n|styles)' },
    },
    {
      name: 'protocol-is-the-ground',
      severity: 'error',
      from: from('^src/(protocol|i18n)'),
      to: { path: '^src', pathNot: '^src/(protocol|i18n)' },
    },
    {
      name: 'grading-sees-snapshots-only',
      severity: 'error',
      from: from('^(src/grading|graders)'),
      to: {
        path: '^src',
        pathNot: '^src/(grading|protocol|policy)|^src/inspector/(snapshot|plan|forwarders|root-mount|answerer)\\.ts',
      },
    },
    {
      name: 'policy-is-pure',
      severity: 'error',
      from: from('^src/policy'),
      to: { path: '^src|^node:', pathNot: '^src/policy' },
    },
    {
      name: 'classroom-judges-what-it-is-given',
      severity: 'error',
      from: from('^src/classroom'),
      to: { path: '^src/(server|sandbox|inspector|terminal|exercise|cli)' },
    },
    {
      name: 'audit-needs-no-sandbox',
      severity: 'error',
      from: from('^src/audit'),
      to: { path: '^src', pathNot: '^src/(audit|policy)' },
    },
    {
      name: 'imports-touch-no-sandbox',
      comment: 'imported material is read and written, never run here',
      severity: 'error',
      from: from('^src/import'),
      to: { path: '^src', pathNot: '^src/(import|grading|protocol)|^src/setup/user-error\\.ts' },
    },
    {
      name: 'nothing-imports-the-server',
      severity: 'error',
      from: from('^(src|graders)', '^src/(server|cli)'),
      to: { path: '^src/server' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: from('^(src|graders)', '^src/cli'),
      to: { path: '^src/cli' },
    },
    {
      name: 'sandbox-knows-no-lab',
      severity: 'error',
      from: from('^src/(sandbox|inspector)'),
      to: { path: '^src/(grading|exercise|server|terminal|store)|^(labs|graders)' },
    },
    {
      name: 'terminal-knows-no-server',
      severity: 'error',
      from: from('^src/terminal'),
      to: { path: '^src', pathNot: '^src/(terminal|protocol)|^src/sandbox/engine\\.ts' },
    },
    {
      name: 'store-knows-types-only',
      severity: 'error',
      from: from('^src/store'),
      to: { path: '^src', pathNot: '^src/(store|grading/(check|runner|score|hint-cost)|inspector/snapshot)' },
    },
    {
      name: 'only-these-touch-podman',
      comment: 'dockerode and node-pty belong to the sandbox',
      severity: 'error',
      from: from('^(src|graders)', '^src/sandbox/podman'),
      to: { path: 'node_modules/(dockerode|node-pty)' },
    },
    {
      name: 'graders-reach-no-page',
      severity: 'error',
      from: from('^src', '^src/(cli|exercise|grading)'),
      to: { path: '^graders' },
    },
    { name: 'shipped-code-needs-no-tests', severity: 'error', from: from('^(src|graders)'), to: { path: '^test' } },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'], pathNot: '^astro:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
    exclude: { path: '\\.astro$' },
  },
};
