import { useEffect, useState } from 'react';

export type CatalogKind = 'product' | 'variant' | 'collection';

export interface CatalogChoice {
  id: number;
  title: string;
}

export interface Catalog {
  choices: readonly CatalogChoice[];
  state: 'asking' | 'told' | 'silent';
}

const TYPING_PAUSE_MS = 250;

/** Asks Shopify by way of our own address whenever typing pauses; null asks nothing. */
export function useCatalog(question: string | null): Catalog {
  const [answer, setAnswer] = useState<{ question: string | null; choices: readonly CatalogChoice[]; isSilent: boolean }>({ question: null, choices: [], isSilent: false });
  const isCurrent = question === null || answer.question === question;
  useEffect(() => {
    if (question === null || isCurrent) return;
    const asking = new AbortController();
    const ask = async () => {
      try {
        const told = await fetchChoices(question, asking.signal);
        setAnswer({ question, ...told });
      } catch {
        if (!asking.signal.aborted) setAnswer({ question, choices: [], isSilent: true });
      }
    };
    const timer = setTimeout(() => void ask(), TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [question, isCurrent]);
  const state = isCurrent ? (answer.isSilent ? 'silent' : 'told') : 'asking';
  return { choices: answer.choices, state };
}

/** The question for what something is called. */
export function namesQuestion(kind: 'product' | 'collection', ids: readonly number[]): string | null {
  return ids.length === 0 ? null : String(new URLSearchParams({ kind, ids: ids.join(',') }));
}

export function searchQuestion(kind: CatalogKind, text: string): string {
  return String(new URLSearchParams({ kind, text }));
}

async function fetchChoices(question: string, signal: AbortSignal): Promise<{ choices: CatalogChoice[]; isSilent: boolean }> {
  const answer = await fetch(`/app/loyalty/choices?${question}`, { signal });
  if (!answer.ok) throw new Error(`The catalogue answers ${answer.status}`);
  const told: { choices: CatalogChoice[]; isSilent: boolean } = await answer.json();
  return told;
}
