import { Box } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** Text between cards: on a phone, where cards reach from edge to edge, it keeps the distance that their words have. */
export function Inset({ children }: { children: ReactNode }) {
  return <Box paddingInline={{ xs: '400', sm: '0' }}>{children}</Box>;
}
