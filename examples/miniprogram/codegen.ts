import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'operations/*.graphql',
  generates: {
    'miniprogram/api/generated/graphql.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        // Plain text, so that no GraphQL library has to be in the package.
        documentMode: 'string',
        enumType: 'string-literal',
        useTypeImports: true,
        scalars: { DateTime: 'string', Date: 'string', Minutes: 'number', PhoneNumber: 'string' },
      },
    },
  },
};

export default config;
