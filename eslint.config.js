import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.{ts,tsx}'];

/** Who may not import whom; the message is what a person reads who crosses the line, so it gives the reason. */
const zones = [
  {
    target: './app/domain',
    from: './app',
    except: ['./domain'],
    message: 'The domain is pure: it knows neither what calls it nor what feeds it. Pass the value in.',
  },
  {
    target: './app/components',
    from: ['./app/services', './app/adapters', './app/jobs'],
    message: 'A component takes data and answers with events; its route loads and saves.',
  },
  {
    target: './app/adapters',
    from: ['./app/services', './app/jobs', './app/components'],
    message: 'An adapter knows a vendor and not our use cases: services call adapters, never the other way.',
  },
  {
    target: './app/services',
    from: ['./app/jobs', './app/components'],
    message: 'Routes and jobs call services. Work for the worker is a row that it finds: an import, a code, a webhook.',
  },
  {
    target: ['./app/domain', './app/contracts', './app/components', './app/adapters', './app/services', './app/jobs', './app/commands', './app/{http,access,logging}', './app/*.{ts,tsx}'],
    from: './app/routes',
    message: 'Nothing imports routes: what two of them need is a service or a component.',
  },
  {
    target: ['./app', './extensions'],
    from: './test',
    message: 'The product never knows that it is tested or that its Shopify is a local one.',
  },
  {
    target: './app',
    from: './extensions',
    message: 'The app knows the words of extensions, which app/adapters/shopper-words.server.ts reads, and nothing else of them.',
  },
  {
    target: './test/simulator',
    from: './app',
    message: 'The local Shopify must not share our mistakes: it imports nothing from the app.',
  },
  {
    target: './extensions',
    from: './app',
    except: ['./contracts'],
    message: 'A published extension outlives our deploys: it shares types of app/contracts with the app and nothing else.',
  },
];

const clockAndChance = [
  ["CallExpression[callee.object.name='Date'][callee.property.name='now']", 'the clock'],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'the clock'],
  ["MemberExpression[object.name='Temporal'][property.name='Now']", 'the clock'],
  ["CallExpression[callee.object.name='performance']", 'the clock'],
  ["CallExpression[callee.object.name='Math'][callee.property.name='random']", 'chance'],
  ["MemberExpression[object.name='crypto']", 'chance'],
  ["Identifier[name='process']", 'the process'],
  ['AwaitExpression', 'the outside world'],
].map(([selector, what]) => ({
  selector,
  message: `The domain does not reach for ${what}: take it as a parameter, so that one function serves loader, job and test.`,
}));

const FROM_RUNTIME = 'Take it from the Runtime (app/runtime.server.ts), which a test can replace, so that a run can be repeated.';
const ambient = [
  "CallExpression[callee.object.name='Date'][callee.property.name='now']",
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.object.name='Math'][callee.property.name='random']",
  "CallExpression[callee.object.name='performance'][callee.property.name='now']",
  "CallExpression[callee.name=/^(randomUUID|randomBytes)$/]",
].map((selector) => ({ selector, message: FROM_RUNTIME }));

const sentencesWithSpace = {
  selector: "JSXExpressionContainer:has(> CallExpression[callee.name='t']) + :matches(JSXText[value=' '], JSXExpressionContainer:has(> Literal[value=' '])) + JSXExpressionContainer",
  message: 'Chinese has no space between sentences: joinSentences writes them as the language does.',
};

export default defineConfig(
  globalIgnores(['build/', 'public/build/', 'app/generated/', 'coverage/', '.perennial/', '.shopify/', 'extensions/*/dist/', 'test/fixtures/', '**/*.d.ts']),
  js.configs.recommended,
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strict],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.json'] })] },
    rules: {
      // The compiler finds undefined names, with the types in hand.
      'no-undef': 'off',
      'no-console': 'off',
      eqeqeq: ['error', 'always'],
      'import-x/no-restricted-paths': ['error', { zones }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An empty body beside a comment or as a deliberate no-op listener says enough.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  {
    files: ['**/*.tsx'],
    ignores: ['extensions/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['app/**/*.{ts,tsx}'],
    ignores: ['app/env.server.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only app/env.server.ts reads the environment: it parses everything at boot and names what is missing.',
        },
      ],
    },
  },
  {
    files: ['app/**/*.server.{ts,tsx}', 'app/{routes,jobs,commands}/**/*.{ts,tsx}'],
    ignores: ['app/runtime.server.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ambient] },
  },
  { files: ['app/components/**/*.tsx'], rules: { 'no-restricted-syntax': ['error', sentencesWithSpace] } },
  { files: ['app/routes/**/*.tsx'], rules: { 'no-restricted-syntax': ['error', ...ambient, sentencesWithSpace] } },
  {
    files: ['app/domain/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': ['error', ...clockAndChance],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.|#app/|temporal-polyfill$)',
              message: 'The domain is plain TypeScript that runs anywhere: no node:, Prisma, Shopify, Remix or React.',
            },
            { regex: '\\.server(\\.ts)?$', message: 'The domain runs anywhere, and .server means that it does not.' },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    },
  },
  {
    files: ['app/contracts/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportDeclaration:not([importKind="type"][source.value=/^[.][/][a-z-]+[.]ts$/])',
          message: 'A contract imports nothing but types of the contracts beside it: extensions built at another time, by another tool, read it too.',
        },
      ],
    },
  },
  {
    files: ['app/{services,routes,components,jobs}/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }] },
  },
  {
    files: ['extensions/*/assets/*.js'],
    languageOptions: {
      globals: Object.fromEntries(['AbortSignal', 'URLSearchParams', 'crypto', 'document', 'fetch', 'location', 'navigator', 'setTimeout'].map((name) => [name, 'readonly'])),
    },
  },
  {
    files: ['extensions/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[importKind!='type'][source.value=/(^|\\u002F)app\\u002F/]",
          message: 'Share types only (`import type`): the extension is built without the app, and shared code would go stale.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'extensions/**/*.{ts,tsx}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A table of cases is long and reads easily.
    files: ['test/**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }] },
  },
);
