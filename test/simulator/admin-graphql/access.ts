import { GraphQLError } from 'graphql';
import type { AccessRequirement } from './schema.ts';

/** `write_orders` lets an app read orders too. */
export function expandScopes(scopes: readonly string[]): Set<string> {
  const all = new Set(scopes);
  for (const scope of scopes) if (scope.startsWith('write_')) all.add(scope.replace('write_', 'read_'));
  return all;
}

export function isAllowed(requirement: AccessRequirement | undefined, scopes: ReadonlySet<string>): boolean {
  return requirement === undefined || requirement.scopes.some((scope) => scopes.has(scope));
}

export function accessDenied(fieldName: string, requirement: AccessRequirement): GraphQLError {
  const required =
    requirement.text || `${requirement.scopes.map((scope) => `\`${scope}\``).join(' or ')} access scope.`;
  return new GraphQLError(`Access denied for ${fieldName} field. Required access: ${required}`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess: required,
    },
  });
}
