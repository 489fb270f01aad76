/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import type { Api } from '@shopify/ui-extensions/admin.customer-segment-details.action.render';
import { render } from 'preact';
import type { ComponentChildren } from 'preact';

import type { PointGift } from '../../../app/contracts/admin-blocks.ts';
import { PointsFields } from '../../admin-kit/src/PointsFields.tsx';
import { usePointsForm } from '../../admin-kit/src/use-points-form.ts';
import { say } from '../../admin-kit/src/words.ts';
import type { Wording } from '../../admin-kit/src/words.ts';
import { useSegment } from './use-segment.ts';
import type { SegmentState } from './use-segment.ts';
import { hindranceOf, previewOf, PROBLEMS, viewGift } from './view-model.ts';
import type { KnownSegment } from './view-model.ts';

declare const shopify: Api;

/** Shopify's own way to name a page of the app. */
const ALL_GIFTS = 'app:app/loyalty/gifts';

export default function extension(): void {
  render(<SegmentAction />, document.body);
}

function SegmentAction() {
  const wording: Wording = shopify.i18n;
  const { translate } = wording;
  const { known, gift, ask, give } = useSegment(shopify.data.selected[0]?.id ?? '');
  if (known === 'loading') return <s-admin-action heading={translate('heading')} loading />;
  if (gift !== null) return <Given gift={gift} wording={wording} />;
  if (known.state === 'known') {
    const hindrance = hindranceOf(known, wording);
    return hindrance === null ? <GiveForm {...{ segment: known, give, wording }} /> : <Hindered {...{ segment: known, hindrance, wording }} />;
  }
  return (
    <Frame wording={wording} primary={<s-button slot="primary-action" variant="primary" onClick={ask}>{translate('retry')}</s-button>}>
      <s-text>{translate(known.state === 'missing' ? 'problem_no-segment' : 'problem_unavailable')}</s-text>
    </Frame>
  );
}

function Frame({ wording, primary, children }: { wording: Wording; primary?: ComponentChildren; children: ComponentChildren }) {
  return (
    <s-admin-action heading={wording.translate('heading')}>
      <s-stack gap="base">{children}</s-stack>
      {primary}
      <s-button slot="secondary-actions" onClick={() => shopify.close()}>
        {wording.translate('close')}
      </s-button>
    </s-admin-action>
  );
}

function Given({ gift, wording }: { gift: PointGift; wording: Wording }) {
  const { tone, heading, lines } = viewGift(gift, wording);
  return (
    <Frame wording={wording}>
      <s-banner tone={tone} heading={heading}>
        <s-stack gap="small-200">
          {lines.map((line) => (
            <s-text key={line}>{line}</s-text>
          ))}
        </s-stack>
      </s-banner>
      <s-link href={ALL_GIFTS}>{wording.translate('seeAll')}</s-link>
    </Frame>
  );
}

function Whom({ segment: { name, customers }, wording }: { segment: KnownSegment; wording: Wording }) {
  return <s-text type="strong">{say('customers', customers, wording, { segment: name })}</s-text>;
}

function Hindered({ segment, hindrance, wording }: { segment: KnownSegment; hindrance: string; wording: Wording }) {
  return (
    <Frame wording={wording}>
      <Whom segment={segment} wording={wording} />
      <s-banner tone="warning">{hindrance}</s-banner>
      <s-link href={ALL_GIFTS}>{wording.translate('seeAll')}</s-link>
    </Frame>
  );
}

function GiveForm({ segment, give, wording }: { segment: KnownSegment; give: SegmentState['give']; wording: Wording }) {
  const { translate } = wording;
  const form = usePointsForm({ empty: { points: '', reason: '' }, mostPoints: segment.mostPointsEach, problems: PROBLEMS, wording, onSend: give });
  const preview = previewOf(form.filled.points, segment, wording);
  const general = form.problemOf(null);
  const primary = (
    <s-button slot="primary-action" variant="primary" loading={form.isSending} onClick={form.send}>
      {preview === null ? translate('give') : say('giveTotal', preview.total, wording)}
    </s-button>
  );
  return (
    <Frame wording={wording} primary={primary}>
      <Whom segment={segment} wording={wording} />
      {segment.program !== 'live' && <s-banner tone="info">{translate('notLive')}</s-banner>}
      {general !== undefined && <s-banner tone="critical">{general}</s-banner>}
      <PointsFields {...{ form, wording }} outcome={null} />
      <s-box accessibilityRole="status">
        <s-stack gap="small-200">
          {(preview?.lines ?? [translate('previewHint')]).map((line) => (
            <s-text key={line} color="subdued">
              {line}
            </s-text>
          ))}
        </s-stack>
      </s-box>
    </Frame>
  );
}
