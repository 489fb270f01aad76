import { lastDaysOfStates } from '#app/domain/retention/metrics/lifecycle.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import { text } from './report-section.ts';
import type { Figure, ReportSection, Table } from './report-section.ts';
import type { Telling } from './telling.ts';

export function groupsSection(telling: Telling): ReportSection {
  const { report, t, formats } = telling;
  const { groups } = report.rfm;
  const { customers } = report.overall;
  // Prospects are nobody's share: they have not ordered.
  const shown = RFM_GROUPS.filter((group) => group !== 'PROSPECTS' || groups.PROSPECTS > 0);
  const shareOf = (group: (typeof shown)[number]) =>
    group === 'PROSPECTS' || customers === 0 ? formats.share(null) : formats.share(groups[group] / customers);
  return {
    id: 'groups',
    title: t('groups:title'),
    lead: t('groups:text'),
    figures: [
      {
        title: null,
        chart: {
          kind: 'bars',
          label: t('groups.chart'),
          bars: shown.map((group) => ({ name: t(`groups:${group}.name`), value: groups[group], text: formats.count(groups[group]) })),
        },
        table: {
          caption: t('groups:caption'),
          columns: [
            { label: t('groups:group'), isNumber: false },
            { label: t('groups:customers'), isNumber: true },
            { label: t('groups.share'), isNumber: true },
            { label: t('groups:meaning'), isNumber: false },
            { label: t('groups:advice'), isNumber: false },
          ],
          rows: shown.map((group) => [
            { text: t(`groups:${group}.name`), isStrong: true },
            text(formats.count(groups[group])),
            text(shareOf(group)),
            text(t(`groups:${group}.meaning`)),
            text(t(`groups:${group}.advice`)),
          ]),
        },
        note: t('groups:ties'),
      },
      breaksFigure(telling),
    ],
    definitions: [{ term: t('groups.term'), words: t('groups.words'), formula: t('groups.formula') }],
  };
}

function breaksFigure({ report, t, formats }: Telling): Figure {
  const { r, f, m } = report.rfm.breaks;
  return {
    title: t('groups.breaks'),
    chart: null,
    table: {
      caption: t('groups.breaksCaption'),
      columns: [
        { label: t('groups.breakName'), isNumber: false },
        { label: t('groups.recency'), isNumber: true },
        { label: t('groups.frequency'), isNumber: true },
        { label: t('groups.money'), isNumber: true },
      ],
      rows: r.map((days, index) =>
        [`${(index + 1) * 20} %`, formats.days(days), formats.days(f[index] ?? null), formats.amount(m[index] ?? null)].map(text),
      ),
    },
    note: null,
  };
}

export function stagesSection(telling: Telling): ReportSection {
  const { report, t, formats } = telling;
  const { basis, gaps, gapsNeeded, states } = report.lifecycle;
  const lastDays = lastDaysOfStates(report.lifecycle.upToDays);
  const { customers } = report.overall;
  const limits = {
    active: t('stages.upTo', { days: formats.days(lastDays.active) }),
    cooling: t('stages.upTo', { days: formats.days(lastDays.cooling) }),
    atRisk: t('stages.upTo', { days: formats.days(lastDays.atRisk) }),
    lapsed: t('stages.over', { days: formats.days(lastDays.atRisk) }),
  };
  const table: Table = {
    caption: t('stages.stateCaption'),
    columns: [
      { label: t('stages.state'), isNumber: false },
      { label: t('stages.away'), isNumber: true },
      { label: t('stages.customers'), isNumber: true },
      { label: t('stages.share'), isNumber: true },
    ],
    rows: LIFECYCLE_STATES.map((state) => [
      { text: t(`stages.${state}`), isStrong: true },
      text(limits[state]),
      text(formats.count(states[state])),
      text(formats.share(customers === 0 ? null : states[state] / customers)),
    ]),
  };
  return {
    id: 'stages',
    title: t('stages.title'),
    lead:
      basis === 'ownRhythm' ? t('stages.lead') : t('stages.leadFixed', { gaps: formats.count(gaps), needed: formats.count(gapsNeeded) }),
    figures: [
      {
        title: null,
        chart: {
          kind: 'bars',
          label: t('stages.stateChart'),
          bars: LIFECYCLE_STATES.map((state) => ({ name: t(`stages.${state}`), value: states[state], text: formats.count(states[state]) })),
        },
        table,
        note: null,
      },
      stageFigure(telling),
    ],
    definitions: [{ term: t('stages.term'), words: t('stages.words'), formula: t('stages.formula') }],
  };
}

function stageFigure({ report, t, formats }: Telling): Figure {
  const { stages } = report.lifecycle;
  const { customers } = report.overall;
  return {
    title: t('stages.stageTitle'),
    chart: null,
    table: {
      caption: t('stages.stageCaption'),
      columns: [
        { label: t('stages.stage'), isNumber: false },
        { label: t('stages.who'), isNumber: false },
        { label: t('stages.customers'), isNumber: true },
        { label: t('stages.share'), isNumber: true },
      ],
      rows: LIFECYCLE_STAGES.map((stage) => [
        { text: t(`stages.${stage}`), isStrong: true },
        text(t(`stages.${stage}Who`)),
        text(formats.count(stages[stage])),
        text(formats.share(customers === 0 ? null : stages[stage] / customers)),
      ]),
    },
    note: null,
  };
}
