/** What the page of permissions is told of what it asked to be set. */
export type PermissionsAnswer =
  | { readonly outcome: 'saved' }
  | { readonly outcome: 'refused'; readonly reason: 'not-allowed' | 'not-confirmed' | 'shopify-away' | 'unknown-staff' | 'changed-meanwhile' | 'failed' };
