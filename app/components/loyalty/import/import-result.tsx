import { BlockStack, Button, Card, Checkbox, InlineStack, List, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { Fact, Facts } from '#app/components/loyalty/facts.tsx';
import { usePointsWords } from '#app/components/loyalty/members/use-points-words.ts';
import type { ImportCount } from '#app/domain/loyalty/members/import-lines.ts';
import { costOf } from '#app/domain/loyalty/members/liability.ts';
import type { PointWorth } from '#app/domain/loyalty/members/liability.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';

export interface ImportResultProps {
  step: 'checked' | 'imported';
  name: string;
  count: ImportCount;
  currency: string;
  worth: PointWorth | null;
  onStart: (takesRepeated: boolean) => void;
  onAgain: () => void;
}

/** What a file would do, or has done, and what in it was left out. */
export function ImportResult({ step, name, count, currency, worth, onStart, onAgain }: ImportResultProps) {
  const { t } = useTranslation('loyaltyImport');
  const formats = useFormats();
  const [takesRepeated, setTakesRepeated] = useState(false);
  const { lines, knownLines, repeatedLines, repeatedAddedPoints, repeatedTakenPoints, unknownLines, badLines } = count;
  const addedPoints = count.addedPoints + (takesRepeated ? repeatedAddedPoints : 0);
  const takenPoints = count.takenPoints + (takesRepeated ? repeatedTakenPoints : 0);
  const isNew = addedPoints > 0 || takenPoints > 0;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">{t(step === 'checked' ? 'result.checkTitle' : 'result.importTitle', { name })}</Text>
        <Facts>
          <Fact term={t('result.lines')} value={formats.count(lines)} />
          <Fact term={t('result.added')} value={formats.count(addedPoints)} />
          <Fact term={t('result.taken')} value={formats.count(takenPoints)} />
          <Fact term={t('result.known')} value={formats.count(knownLines)} texts={knownLines === 0 ? [] : [t('result.knownText')]} />
          <Fact term={t('result.repeated')} value={formats.count(repeatedLines)} texts={repeatedLines === 0 || takesRepeated ? [] : [t('result.repeatedText')]} />
          <Fact term={t('result.unknown')} value={formats.count(unknownLines)} texts={unknownLines === 0 ? [] : [t('result.unknownText')]} />
          <Fact term={t('result.bad')} value={formats.count(badLines)} texts={badLines === 0 ? [] : [t('result.badText')]} />
        </Facts>
        {step === 'checked' && repeatedLines > 0 ? (
          <Checkbox
            label={t('result.takeRepeated', { count: repeatedLines, lines: formats.count(repeatedLines) })}
            helpText={t('result.takeRepeatedHelp')}
            checked={takesRepeated}
            onChange={setTakesRepeated}
          />
        ) : null}
        {isNew ? <Adds points={addedPoints - takenPoints} currency={currency} worth={worth} /> : step === 'checked' ? <Text as="p">{t('result.nothing')}</Text> : null}
        <Problems {...count} />
        {step === 'checked' ? (
          <InlineStack gap="200">
            {isNew ? <Button variant="primary" onClick={() => onStart(takesRepeated)}>{t('actions.import')}</Button> : null}
            <Button onClick={onAgain}>{t('actions.other')}</Button>
          </InlineStack>
        ) : (
          <InlineStack gap="200">
            <Button url="/app/loyalty/members" variant="primary">{t('actions.members')}</Button>
            <Button onClick={onAgain}>{t('actions.other')}</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Adds({ points, currency, worth }: { points: number; currency: string; worth: PointWorth | null }) {
  const { t, i18n } = useTranslation('loyaltyImport');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const cost = points < 0 ? null : costOf(points, worth);
  const text =
    cost === null || worth === null
      ? t('result.noLiability', { points: pointsOf(points) })
      : t('result.liability', {
          cost: formats.money(cost, currency),
          points: pointsOf(points),
          amount: formats.money(worth.amountMinor, currency),
          each: pointsOf(worth.points),
        });
  return (
    <Text as="p">{joinSentences(i18n.language, [text, t('result.inactivity')])}</Text>
  );
}

function Problems({ bad, unknown, badLines, unknownLines }: ImportCount) {
  const { t } = useTranslation('loyaltyImport');
  const formats = useFormats();
  const lines = [
    ...bad.map(({ line, field, problem }) => ({
      line,
      text: t('result.lineField', { line: formats.count(line), field: t(`fields.${field ?? 'line'}`), problem: t(`problems.${problem}`) }),
    })),
    ...unknown.map(({ line, customer }) => ({ line, text: t('result.unknownLine', { line: formats.count(line), customer }) })),
  ].sort((a, b) => a.line - b.line);
  if (lines.length === 0) return null;
  const more = badLines + unknownLines - lines.length;
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">{t('result.problems')}</Text>
      <List>
        {lines.map(({ text }) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
        {more > 0 ? <List.Item>{t('result.more', { number: formats.count(more) })}</List.Item> : null}
      </List>
    </BlockStack>
  );
}
