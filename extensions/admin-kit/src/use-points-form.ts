import { useState } from 'preact/hooks';

import type { FieldError } from '../../../app/contracts/admin-blocks.ts';
import { sayProblem } from './words.ts';
import type { Wording } from './words.ts';

/** As the app has it. */
export const LONGEST_REASON = 500;

interface Filled {
  /** As typed. */
  points: string;
  reason: string;
}

interface PointsFormInput<Form extends Filled> {
  empty: Form;
  mostPoints: number;
  /** Codes that the block has words for. */
  problems: readonly string[];
  wording: Wording;
  /** What is wrong with it; nothing when it was taken. */
  onSend: (form: NoInfer<Form> & { requestKey: string }) => Promise<FieldError[]>;
}

export interface PointsForm<Form extends Filled> {
  filled: Form;
  mostPoints: number;
  isSending: boolean;
  change: (part: Partial<Form>) => void;
  send: () => void;
  /** In words, of a field or of the whole. */
  problemOf: (field: FieldError['field']) => string | undefined;
}

/** Points and why. What is wrong with a field stands beside it once it was sent, and not before. */
export function usePointsForm<Form extends Filled>({ empty, mostPoints, problems, wording, onSend }: PointsFormInput<Form>): PointsForm<Form> {
  const [filled, setFilled] = useState(empty);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [isSending, setSending] = useState(false);
  // Names one filled form, so that sent twice it has its effect once.
  const [requestKey, setRequestKey] = useState(() => crypto.randomUUID());

  const send = async (): Promise<void> => {
    setSending(true);
    setErrors(await onSend({ ...filled, requestKey }));
    setSending(false);
  };
  return {
    filled,
    mostPoints,
    isSending,
    change: (part) => {
      setFilled((before) => ({ ...before, ...part }));
      // What is wrong with the other field stays said.
      setErrors((before) => before.filter(({ field }) => field !== null && !(field in part)));
      // What is changed after an answer got lost is another wish.
      setRequestKey(crypto.randomUUID());
    },
    send: () => void send(),
    problemOf: (field) => {
      const code = errors.find((error) => error.field === field)?.code;
      const most = wording.formatNumber(field === 'points' ? mostPoints : LONGEST_REASON);
      return code === undefined ? undefined : sayProblem(code, problems, wording, { most });
    },
  };
}
