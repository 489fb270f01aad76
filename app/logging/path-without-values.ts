/** `/app/customers/4711` as `/app/customers/:customerId`, given what the router read in it: a customer's number is in no log. */
export function pathWithoutValues(pathname: string, params: Readonly<Record<string, string | undefined>>): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [value, name]));
  const parts = pathname.split('/').map((part) => {
    const name = names.get(decodeURIComponent(part));
    return name === undefined ? part : `:${name}`;
  });
  return parts.join('/');
}
