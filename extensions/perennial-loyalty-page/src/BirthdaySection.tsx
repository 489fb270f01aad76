/** @jsxImportSource preact */
import { useState } from 'preact/hooks';

import type { BirthdayAnswer, ShopperBirthday } from '../../../app/contracts/shopper-loyalty.ts';
import { fieldValue } from '../../shopper-kit/src/field-value.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import type { LoyaltyActions } from './use-loyalty.ts';
import { viewBirthday } from './view-birthday.ts';
import type { BirthdayView, Option } from './view-birthday.ts';

interface BirthdaySectionProps {
  birthday: ShopperBirthday;
  actions: LoyaltyActions;
  wording: Wording;
}

export function BirthdaySection({ birthday, actions, wording }: BirthdaySectionProps) {
  const view = viewBirthday(birthday, wording);
  if (view === null) return null;
  return (
    <s-section heading={wording.translate('birthdayHeading')}>
      <s-stack gap="base">
        <s-stack accessibilityRole="status">
          <s-paragraph>{view.sentence}</s-paragraph>
        </s-stack>
        {view.choice && <BirthdayForm choice={view.choice} actions={actions} wording={wording} />}
      </s-stack>
    </s-section>
  );
}

type Problem = 'birthdayChoose' | (typeof REFUSALS)[Refused] | 'trouble';

type Refused = Extract<BirthdayAnswer, { state: 'refused' }>['reason'];

const REFUSALS = {
  'already-set': 'birthdayTaken',
  'not-yet': 'birthdayNotYet',
  closed: 'birthdayClosed',
  excluded: 'birthdayClosed',
} as const satisfies Record<Refused, string>;

interface BirthdayFormProps {
  choice: NonNullable<BirthdayView['choice']>;
  actions: LoyaltyActions;
  wording: Wording;
}

function BirthdayForm({ choice, actions, wording }: BirthdayFormProps) {
  const { translate } = wording;
  const [month, setMonth] = useState('');
  const [day, setDay] = useState('');
  const [state, setState] = useState<'idle' | 'sending' | Problem>('idle');
  const days = choice.daysOf(Number(month));
  const save = async (): Promise<void> => {
    // A shorter month may have lost the day that was chosen before it.
    if (month === '' || !days.some(({ value }) => value === day)) return setState('birthdayChoose');
    setState('sending');
    const answer = await actions.saveBirthday({ month: Number(month), day: Number(day) });
    if (answer === 'trouble') return setState('trouble');
    setState(answer.state === 'saved' ? 'idle' : REFUSALS[answer.reason]);
  };
  return (
    <s-stack gap="small">
      <s-query-container>
        <s-grid gridTemplateColumns="@container (inline-size > 360px) 1fr 1fr, 1fr" gap="small">
          <Choice label={translate('month')} value={month} options={choice.months} take={setMonth} />
          <Choice label={translate('day')} value={day} options={days} take={setDay} />
        </s-grid>
      </s-query-container>
      <s-stack gap="none">
        <s-stack accessibilityRole="alert">
          {state !== 'idle' && state !== 'sending' && (
            <s-box paddingBlockEnd="small">
              <s-text tone="critical">{translate(state)}</s-text>
            </s-box>
          )}
        </s-stack>
        <s-button variant="secondary" loading={state === 'sending'} onClick={() => void save()}>
          {translate('save')}
        </s-button>
      </s-stack>
      <s-text color="subdued">{translate('birthdayConsent')}</s-text>
    </s-stack>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: Option[];
  take: (value: string) => void;
}

function Choice({ label, value, options, take }: ChoiceProps) {
  return (
    <s-select label={label} value={value} onChange={(event) => take(fieldValue(event))}>
      {options.map((option) => (
        <s-option key={option.value} value={option.value}>
          {option.label}
        </s-option>
      ))}
    </s-select>
  );
}
