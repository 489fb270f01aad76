/** @jsxImportSource preact */
import { useRef, useState } from 'preact/hooks';

import type { ShopperRedemption, ShopperReward } from '../../../app/contracts/shopper-loyalty.ts';
import { fieldValue } from '../../shopper-kit/src/field-value.ts';
import type { RedeemOutcome } from '../../shopper-kit/src/redeem.ts';
import type { Wording } from '../../shopper-kit/src/words.ts';
import { RedemptionBody } from './RedemptionBody.tsx';
import { askToConfirm, fitPoints, sayRefusal, viewReward } from './view-rewards.ts';
import type { RewardView } from './view-rewards.ts';

interface RewardCardProps {
  reward: ShopperReward;
  /** What it was turned into on this visit. */
  redemption: ShopperRedemption | undefined;
  wording: Wording;
  redeem: (points: number, requestKey: string) => Promise<RedeemOutcome>;
}

type Step = 'idle' | 'asking' | 'sending' | { refused: string };

/** One reward: what it is, what it costs, and the two steps to have it. */
export function RewardCard({ reward, redemption, wording, redeem }: RewardCardProps) {
  const view = viewReward(reward, wording);
  const [step, setStep] = useState<Step>('idle');
  const [points, setPoints] = useState(reward.leastPoints);
  // One key a wish: a repetition after an answer that was lost takes nothing twice.
  const wish = useRef<{ key: string; points: number } | null>(null);
  const send = async (): Promise<void> => {
    const chosen = view.choice ? fitPoints(points, view.choice) : reward.leastPoints;
    if (wish.current?.points !== chosen) wish.current = { key: crypto.randomUUID(), points: chosen };
    setStep('sending');
    const outcome = await redeem(chosen, wish.current.key);
    if (outcome.kind === 'redeemed' || outcome.reason !== 'trouble') wish.current = null;
    setStep(outcome.kind === 'redeemed' ? 'idle' : { refused: sayRefusal(outcome.reason, wording) });
  };
  return (
    <s-box border="base" borderRadius="large" padding="base">
      <s-stack gap="small">
        <s-stack gap="small-500">
          <s-text type="strong">{view.title}</s-text>
          <s-text>{view.price}</s-text>
          {view.terms.map((term) => (
            <s-text key={term} color="subdued">
              {term}
            </s-text>
          ))}
        </s-stack>
        {redemption && <RedemptionBody redemption={redemption} wording={wording} />}
        <NextStep
          view={view}
          reward={reward}
          step={step}
          points={points}
          wording={wording}
          setPoints={setPoints}
          setStep={setStep}
          send={send}
        />
      </s-stack>
    </s-box>
  );
}

interface NextStepProps {
  view: RewardView;
  reward: ShopperReward;
  step: Step;
  points: number;
  wording: Wording;
  setPoints: (points: number) => void;
  setStep: (step: Step) => void;
  send: () => Promise<void>;
}

function NextStep({ view, reward, step, points, wording, setPoints, setStep, send }: NextStepProps) {
  const { translate } = wording;
  const isOpen = step === 'asking' || step === 'sending';
  if (!isOpen && view.obstacle !== null) return <s-text color="subdued">{view.obstacle}</s-text>;
  const { choice } = view;
  const chosen = choice ? fitPoints(points, choice) : reward.leastPoints;
  const words = isOpen ? askToConfirm(reward, chosen, wording) : step === 'idle' ? null : step.refused;
  return (
    <s-stack gap="none">
      {isOpen && choice && (
        <s-box paddingBlockEnd="small">
          <s-number-field
            label={translate('howMany')}
            controls="stepper"
            min={choice.least}
            max={choice.most}
            step={choice.step}
            value={String(points)}
            onChange={(event) => setPoints(fitPoints(Number(fieldValue(event)), choice))}
          />
        </s-box>
      )}
      <s-stack accessibilityRole="status">
        {words !== null && (
          <s-box paddingBlockEnd="small">
            <s-text>{words}</s-text>
          </s-box>
        )}
      </s-stack>
      <s-stack direction="inline" gap="small-200">
        {/* One button for both, so that the focus stays on it, and a second press by mistake spends nothing. */}
        <s-button
          key="toggle"
          variant="secondary"
          disabled={step === 'sending'}
          accessibilityLabel={isOpen ? translate('cancel') : translate('redeemLabel', { reward: view.title })}
          onClick={() => setStep(isOpen ? 'idle' : 'asking')}
        >
          {translate(isOpen ? 'cancel' : 'redeem')}
        </s-button>
        {isOpen && (
          <s-button key="yes" variant="primary" loading={step === 'sending'} onClick={() => void send()}>
            {translate('confirmYes')}
          </s-button>
        )}
      </s-stack>
    </s-stack>
  );
}
