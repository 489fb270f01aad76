import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { buildClientSchema, parse, print, printSchema, validate } from 'graphql';

const DOCUMENTS = 'app/adapters/shopify/documents';
const OUTPUT = 'app/generated/admin-api.ts';

const introspection = JSON.parse(
  gunzipSync(readFileSync('test/simulator/admin-graphql/schema/admin-2026-10.json.gz')).toString('utf8'),
);
const schema = buildClientSchema(introspection.data);
const documents = readdirSync(DOCUMENTS)
  .sort()
  .map((file) => ({ location: file, document: parse(readFileSync(`${DOCUMENTS}/${file}`, 'utf8')) }));

const whole = parse(documents.map(({ document }) => print(document)).join('\n'));
const problems = validate(schema, whole);
if (problems.length > 0) {
  for (const problem of problems) console.error(problem.message);
  process.exit(1);
}

const generated = await codegen({
  filename: OUTPUT,
  schema: parse(printSchema(schema)),
  schemaAst: schema,
  documents,
  config: {
    useTypeImports: true,
    documentMode: 'string',
    // Shopify adds values to its enums in versions that are out already, so they are strings to us.
    enumsAsTypes: true,
    futureProofEnums: true,
    skipTypename: true,
    dedupeFragments: true,
    strictScalars: false,
    defaultScalarType: 'string',
    scalars: { JSON: 'unknown', UnsignedInt64: 'string' },
  },
  plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
  pluginMap: { typescriptOperations, typedDocumentNode },
});
writeFileSync(OUTPUT, `// Generated from ${DOCUMENTS} by npm run generate.\n/* eslint-disable */\n${generated}`);
