import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import type { TextProblem } from '#app/domain/texts/judge-texts.ts';

export function useProblemWords(): (problem: TextProblem) => string {
  const { t } = useTranslation(['texts', 'metrics']);
  const formats = useFormats();
  const listed = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(t('metrics:separator'));
  return (problem) => {
    switch (problem.reason) {
      case 'unknown-key':
        return t('problems.unknownKey');
      case 'too-long':
        return t('problems.tooLong', { most: formats.count(problem.most) });
      case 'missing':
      case 'unknown':
        return t(`problems.${problem.reason}`, { names: listed(problem.names) });
      case 'blank':
      case 'invisible':
      case 'markup':
      case 'braces':
      case 'forms':
        return t(`problems.${problem.reason}`);
    }
  };
}
