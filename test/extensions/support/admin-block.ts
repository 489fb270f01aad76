import { render } from 'preact';

import { waitFor } from '#test/support/wait-for.ts';
import { i18nOf } from './locale-words.ts';

export interface AskedOfApp {
  method: string;
  path: string;
  body: unknown;
}

interface Mocked {
  shopify: object;
  fetch?: unknown;
  setUp(): void;
  tearDown(): void;
}

type Answers = Record<string, object | number | Error>;

/**
 * A block in the admin with the app's answers by path: a body, a status that is no success, or an error of the network.
 * What is asked is kept.
 */
export function setUpAdminBlock(extension: Mocked, name: string, selectedId: string): { asked: AskedOfApp[]; answers: Answers } {
  const asked: AskedOfApp[] = [];
  const answers: Answers = {};
  extension.setUp();
  Object.assign(extension.shopify, { i18n: i18nOf(name), data: { selected: [{ id: selectedId }] } });
  Object.assign(extension, {
    fetch: async (input: unknown, init?: RequestInit) => {
      const url = new URL(String(input), 'https://app.example.com');
      asked.push({ method: init?.method ?? 'GET', path: url.pathname + url.search, body: JSON.parse(String(init?.body ?? 'null')) });
      const answer = answers[url.pathname];
      if (answer instanceof Error) throw answer;
      return typeof answer === 'object' ? new Response(JSON.stringify(answer)) : new Response('{}', { status: answer ?? 404 });
    },
  });
  return { asked, answers };
}

export async function tearDownAdminBlock(extension: Mocked): Promise<void> {
  render(null, document.body);
  // Preact runs effects after a frame; none may outlive the document.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  extension.tearDown();
}

/** All that can be read, in attributes too. */
export function shown(): string {
  const told = [...document.body.querySelectorAll('*')].flatMap((one) => ['heading', 'label', 'error', 'details', 'accessibilitylabel'].flatMap((name) => one.getAttribute(name) ?? Reflect.get(one, name) ?? []));
  return [document.body.textContent, ...told].join('\n');
}

export const words = (text: string) => waitFor(text, () => (shown().includes(text) ? true : undefined));

export function press(label: string): void {
  const button = [...document.body.querySelectorAll('s-button')].find((one) => one.textContent === label);
  if (!button) throw new Error(`There is no button “${label}”.`);
  button.dispatchEvent(new Event('click'));
}

export function type(label: string, value: string): void {
  const field = [...document.body.querySelectorAll('s-number-field, s-text-field, s-select')].find((one) => (one.getAttribute('label') ?? Reflect.get(one, 'label')) === label);
  if (!field) throw new Error(`There is no field “${label}”.`);
  Reflect.set(field, 'value', value);
  field.dispatchEvent(new Event(field.localName === 's-select' ? 'change' : 'input'));
}
