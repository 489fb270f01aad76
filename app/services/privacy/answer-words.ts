import type { TFunction } from 'i18next';

import { privacy } from '#app/i18n/en/privacy.ts';
import type { DataAnswer } from '#app/services/privacy/data-answer.ts';
import type { AnswerWords } from '#app/services/privacy/write-answer-page.ts';

interface AnswerFacts {
  language: string;
  /** Domain. */
  shop: string;
  day: string;
  answer: DataAnswer;
}

/** The words around an answer, in the language of whoever takes it. */
export function answerWords(t: TFunction<'privacy'>, { language, shop, day, answer }: AnswerFacts): AnswerWords {
  const { ordersLeftOut } = answer;
  return {
    language,
    title: t('answer.title', { shop }),
    lead: t('answer.lead', { day }),
    leftOut: ordersLeftOut === 0 ? null : t('answer.leftOut', { count: ordersLeftOut, number: String(ordersLeftOut) }),
    part: (part) => t(`answer.parts.${part}`),
    // One that a later version collects has a name at least.
    field: (name) => (isKnownField(name) ? t(`answer.fields.${name}`) : name),
    none: t('answer.none'),
  };
}

type KnownField = keyof typeof privacy.answer.fields;

function isKnownField(name: string): name is KnownField {
  return name in privacy.answer.fields;
}
