import {
  parse,
  print,
  stripIgnoredCharacters,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Turns one of our documents into what a bulk operation takes: one anonymous query, its fragments' fields written in
 * place, because Shopify looks for a parent's `id` among the fields themselves. Throws when the document has no
 * operation or lacks a fragment.
 */
export function bulkQueryOf(document: string): string {
  const { definitions } = parse(document);
  const fragments = new Map(
    definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === 'FragmentDefinition')
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const operation = definitions.find((definition) => definition.kind === 'OperationDefinition');
  if (!operation) throw new Error('The document has no operation');
  const selectionSet = withFragmentsInPlace(operation.selectionSet, fragments);
  return stripIgnoredCharacters(print({ ...operation, name: undefined, selectionSet }));
}

function withFragmentsInPlace(
  { kind, selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  const flat = selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === 'FragmentSpread') {
      const fragment = fragments.get(selection.name.value);
      if (!fragment) throw new Error(`The document lacks the fragment ${selection.name.value}`);
      return withFragmentsInPlace(fragment.selectionSet, fragments).selections;
    }
    if (!selection.selectionSet) return [selection];
    return [{ ...selection, selectionSet: withFragmentsInPlace(selection.selectionSet, fragments) }];
  });
  return { kind, selections: flat };
}
