import type { FilledStore } from './fill-store.ts';

/** Something that a merchant does on a page, and where what it brings is seen. */
export interface Interaction {
  name: string;
  /** What is clicked, or gets the focus and then the key. */
  target: string;
  key?: string;
  /** Is another than before when the new data is there. */
  watched: string;
}

export interface PagePlan {
  name: string;
  path: string;
  /** CSS: the first of the numbers that the page is for. */
  data: string;
  interactions: readonly Interaction[];
}

const ANOTHER_DAY = { name: 'another day', target: 'input[type="date"]', key: 'ArrowDown' } as const;
/** In the order of the page, of native selects. */
const select = (place: number) => `select >> nth=${place}`;

export function pagePlans({ customerId }: FilledStore): PagePlan[] {
  return [
    {
      name: 'overview',
      path: '/app',
      data: 'table td',
      interactions: [
        { name: 'last 90 days', target: 'button:has-text("90 days")', watched: 'h2' },
        { name: 'customers, not rates', target: '[role="group"] button:has-text("Customers")', watched: 'table' },
        { ...ANOTHER_DAY, watched: 'table' },
      ],
    },
    {
      name: 'cohorts of a country',
      path: '/app/cohorts?cut=country:DE',
      data: 'table td',
      interactions: [
        { name: 'another measure', target: '[role="group"] button >> nth=2', watched: 'table' },
        { name: 'another cut', target: select(1), key: 'ArrowDown', watched: 'table' },
        { name: 'another country', target: select(2), key: 'ArrowDown', watched: 'table' },
      ],
    },
    {
      name: 'customers, filtered',
      path: '/app/customers?orders=2..&country=US,CA&sort=spent-desc',
      data: 'table td',
      interactions: [
        { name: 'another order', target: 'select >> nth=-1', key: 'ArrowDown', watched: 'table' },
        { name: 'the next page', target: 'nav[aria-label] button >> nth=-1', watched: 'table' },
        { ...ANOTHER_DAY, watched: 'table' },
      ],
    },
    {
      name: 'a customer',
      path: `/app/customers/${customerId}`,
      data: 'main p, main dd, table td',
      interactions: [{ ...ANOTHER_DAY, watched: 'main' }],
    },
    {
      name: 'products',
      path: '/app/products',
      data: 'table td',
      interactions: [
        { name: 'a cut', target: select(0), key: 'ArrowDown', watched: 'table' },
        { name: 'another support', target: 'select >> nth=-1', key: 'ArrowDown', watched: 'main' },
        { ...ANOTHER_DAY, watched: 'table' },
      ],
    },
    {
      name: 'predictions',
      path: '/app/predictions',
      data: 'table td, svg text',
      interactions: [
        { name: 'the numbers of a chart', target: 'button[aria-expanded="false"] >> nth=0', watched: 'main' },
        { name: 'for the curious', target: 'button[aria-expanded="false"] >> nth=-1', watched: 'main' },
        { ...ANOTHER_DAY, watched: 'main' },
      ],
    },
    {
      name: 'segments',
      path: '/app/segments',
      data: '[role="cell"]',
      interactions: [
        { ...ANOTHER_DAY, watched: '[role="table"]' },
        { name: 'a new segment', target: 'a:has-text("Create segment") >> nth=0', watched: 'main' },
      ],
    },
  ];
}
