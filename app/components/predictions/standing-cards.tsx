import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';

import { customersLink } from '#app/components/customers-link.ts';
import { useFormats } from '#app/components/formats.tsx';
import { SectionCard } from '#app/components/section-card.tsx';
import { NumberTable } from '#app/components/tables/number-table.tsx';
import { ShareBar } from '#app/components/tables/share-bar.tsx';
import { lastDaysOfStates } from '#app/domain/retention/metrics/lifecycle.ts';
import type { AliveBand } from '#app/domain/retention/predictions/alive-bands.ts';
import type { RuleInstead } from '#app/domain/retention/predictions/predictions-at-a-glance.ts';
import { LIFECYCLE_STATES } from '#app/domain/retention/report/report.ts';
import type { LifecycleState } from '#app/domain/retention/report/report.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { Condition } from '#app/domain/segments/segment.ts';

/** How many customers have which chance to be customers still. */
export function AliveCard({ bands, asOf }: { bands: readonly AliveBand[]; asOf: string }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const cells = useCells(asOf, bands.reduce((sum, { customers }) => sum + customers, 0));
  return (
    <SectionCard title={t('alive.title')} text={t('alive.text')} notes={[t('alive.formula')]}>
      <NumberTable
        caption={t('alive.caption')}
        nameTitle={t('alive.band')}
        columns={[{ title: t('alive.chance') }, { title: t('alive.customers') }, { title: t('alive.share') }]}
        rows={bands.map(({ name, from, to, customers }) => ({
          key: name,
          name: t(`alive.bands.${name}`),
          cells: [
            t('alive.range', { from: formats.wholePercent(from), to: formats.wholePercent(to) }),
            ...cells(customers, { kind: 'range', field: 'pAlive', from, to }),
          ],
        }))}
      />
    </SectionCard>
  );
}

/** The same by a rule, where no model can say it. */
export function StatesCard({ rule: { states, rhythm, ownRhythmOn }, asOf }: { rule: RuleInstead; asOf: string }) {
  const { t, i18n } = useTranslation('predictions');
  const formats = useFormats();
  const { basis, upToDays, gaps, gapsNeeded } = rhythm;
  const cells = useCells(asOf, LIFECYCLE_STATES.reduce((sum, state) => sum + states[state], 0));
  const lastDays = lastDaysOfStates(upToDays);
  const daysOf = (state: LifecycleState) =>
    state === 'lapsed'
      ? t('states.over', { days: formats.count(lastDays.atRisk) })
      : t('states.upTo', { days: formats.count(lastDays[state]) });
  const fixedRule = () =>
    joinSentences(i18n.language, [
      t('states.fixedRule', { gaps: formats.count(gaps), needed: formats.count(gapsNeeded) }),
      ownRhythmOn === null ? t('short.far') : t('short.reachedAbout', { date: formats.day(ownRhythmOn) }),
    ]);
  return (
    <SectionCard title={t('states.title')} text={t('states.text')} notes={[basis === 'ownRhythm' ? t('states.ownRhythm') : fixedRule()]}>
      <NumberTable
        caption={t('states.caption')}
        nameTitle={t('states.state')}
        columns={[{ title: t('states.days') }, { title: t('alive.customers') }, { title: t('alive.share') }]}
        rows={LIFECYCLE_STATES.map((state) => ({
          key: state,
          name: t(`states.names.${state}`),
          cells: [daysOf(state), ...cells(states[state], { kind: 'choice', field: 'state', anyOf: [state] })],
        }))}
      />
    </SectionCard>
  );
}

/** How many customers, with the way to them, and which share of all they are. */
function useCells(asOf: string, all: number) {
  const formats = useFormats();
  return (customers: number, condition: Condition) => {
    const share = all === 0 ? 0 : customers / all;
    const number = formats.count(customers);
    return [
      customers === 0 ? number : <Link to={customersLink({ asOf }, [condition])}>{number}</Link>,
      <>
        {formats.percent(share)}
        <ShareBar share={share} />
      </>,
    ];
  };
}
