import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Turns one of our documents into what a bulk operation takes: one anonymous query, its fragments' fields written in
 * place, because Shopify looks for a parent's `id` among the fields themselves, and so are the values of its variables,
 * of which it may have none. What is included if a variable says so is there unless that one is `false`. Throws when the document has no operation or lacks a fragment or a value.
 */
export function bulkQueryOf(document: string, values: Readonly<Record<string, string>> = {}): string {
  const { definitions } = parse(document);
  const fragments = new Map(
    definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === 'FragmentDefinition')
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const operation = definitions.find((definition) => definition.kind === 'OperationDefinition');
  if (!operation) throw new Error('The document has no operation');
  const selectionSet = withFragmentsInPlace(operation.selectionSet, { fragments, values });
  const query = visit(
    { ...operation, name: undefined, variableDefinitions: [], selectionSet },
    {
      Variable: ({ name }) => {
        const value = values[name.value];
        if (value === undefined) throw new Error(`The variable ${name.value} has no value`);
        return { kind: Kind.STRING, value };
      },
    },
  );
  return stripIgnoredCharacters(print(query));
}

interface Parts {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  values: Readonly<Record<string, string>>;
}

function withFragmentsInPlace({ kind, selections }: SelectionSetNode, parts: Parts): SelectionSetNode {
  const flat = selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === 'FragmentSpread') {
      if (isLeftOut(selection, parts)) return [];
      const fragment = parts.fragments.get(selection.name.value);
      if (!fragment) throw new Error(`The document lacks the fragment ${selection.name.value}`);
      return withFragmentsInPlace(fragment.selectionSet, parts).selections;
    }
    if (!selection.selectionSet) return [selection];
    return [{ ...selection, selectionSet: withFragmentsInPlace(selection.selectionSet, parts) }];
  });
  return { kind, selections: flat };
}

function isLeftOut({ directives = [] }: FragmentSpreadNode, { values }: Parts): boolean {
  return directives.some(({ name, arguments: [condition] = [] }) => {
    const { value } = condition ?? {};
    return name.value === 'include' && value?.kind === Kind.VARIABLE && values[value.name.value] === 'false';
  });
}
