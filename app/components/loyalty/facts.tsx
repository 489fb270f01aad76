import { Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

import styles from './facts.module.css';

/** Figures side by side, each below its name. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={styles['facts']}>{children}</dl>;
}

interface FactProps {
  term: string;
  value: string;
  /** What it means, or is made of: a line each. */
  texts?: readonly string[];
}

export function Fact({ term, value, texts = [] }: FactProps) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <Text as="p" variant="headingLg">
          {value}
        </Text>
        {texts.map((text) => (
          <Text as="p" variant="bodySm" tone="subdued" key={text}>
            {text}
          </Text>
        ))}
      </dd>
    </div>
  );
}
