import { Badge, BlockStack, Checkbox, InlineGrid, InlineStack, Select, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { MOST_ADJUSTED_POINTS } from '#app/domain/loyalty/members/adjustment-form.ts';
import { ADJUSTING_KINDS } from '#app/domain/staff/permissions.ts';
import type { AdjustingDraft, DraftProblem, PermissionsDraft } from '#app/domain/staff/permissions.ts';
import type { ShownStaff, StaffPermissionsPage } from '#app/domain/staff/permissions-page.ts';
import { useStaffNames } from './use-staff-names.ts';

type RowPage = Pick<StaffPermissionsPage, 'staff' | 'viewerId' | 'timeZone'>;

interface Editing {
  problem: DraftProblem | undefined;
  isDisabled: boolean;
}

interface OthersRowProps extends Editing {
  draft: AdjustingDraft;
  onChange: (draft: AdjustingDraft) => void;
}

export function OthersRow({ draft, onChange, ...editing }: OthersRowProps) {
  const { t } = useTranslation('loyaltyStaff');
  return (
    <BlockStack gap="200">
      <BlockStack>
        <Text as="h3" variant="headingSm">{t('everyoneElse')}</Text>
        <Text as="p" tone="subdued">{t('everyoneElseHelp')}</Text>
      </BlockStack>
      <AdjustingFields {...editing} name={t('everyoneElse')} kinds={ADJUSTING_KINDS.filter((kind) => kind !== 'as-others')} draft={draft} onChange={(part) => onChange({ ...draft, ...part })} />
    </BlockStack>
  );
}

type StaffDraft = PermissionsDraft['staff'][number];

interface StaffRowProps extends Editing, RowPage {
  member: ShownStaff;
  draft: StaffDraft;
  onChange: (part: Partial<StaffDraft>) => void;
}

export function StaffRow({ member, draft, onChange, staff, viewerId, timeZone, ...editing }: StaffRowProps) {
  const { t } = useTranslation('loyaltyStaff');
  const name = useStaffNames(staff, viewerId)(member.staffId);
  return (
    <BlockStack gap="200">
      <Who {...{ member, staff, viewerId, timeZone }} />
      <AdjustingFields {...editing} name={name} kinds={ADJUSTING_KINDS} draft={draft} onChange={onChange} />
      <Checkbox
        label={t('mayChangeOf', { name })}
        checked={draft.mayChangeList}
        disabled={editing.isDisabled}
        onChange={(mayChangeList) => onChange({ mayChangeList })}
      />
    </BlockStack>
  );
}

/** Of whom nothing is set. */
export function OwnerRow(props: RowPage & { member: ShownStaff }) {
  const { t } = useTranslation('loyaltyStaff');
  return (
    <BlockStack gap="100">
      <Who {...props} />
      <Text as="p" tone="subdued">{t('ownerText')}</Text>
    </BlockStack>
  );
}

function Who({ member, staff, viewerId, timeZone }: RowPage & { member: ShownStaff }) {
  const { t } = useTranslation('loyaltyStaff');
  const formats = useFormats();
  const { staffId, isOwner, isCollaborator, seenAtMs, refusedAtMs } = member;
  return (
    <BlockStack>
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm" breakWord>{useStaffNames(staff, viewerId)(staffId)}</Text>
        {isOwner ? <Badge tone="info">{t('owner')}</Badge> : null}
        {isCollaborator ? <Badge>{t('collaborator')}</Badge> : null}
        {refusedAtMs === null ? null : <Badge tone="attention">{t('gone')}</Badge>}
      </InlineStack>
      <Text as="p" tone="subdued">
        {refusedAtMs === null ? t('seen', { day: formats.instant(seenAtMs, timeZone) }) : t('goneText', { day: formats.instant(refusedAtMs, timeZone) })}
      </Text>
    </BlockStack>
  );
}

interface AdjustingFieldsProps extends Editing {
  /** Whom the fields are about, for whoever hears them one by one. */
  name: string;
  kinds: readonly AdjustingDraft['kind'][];
  draft: AdjustingDraft;
  onChange: (part: Partial<AdjustingDraft>) => void;
}

function AdjustingFields({ name, kinds, draft, problem, isDisabled, onChange }: AdjustingFieldsProps) {
  const { t } = useTranslation('loyaltyStaff');
  const formats = useFormats();
  return (
    <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
      <Select
        label={t('adjustingOf', { name })}
        labelHidden
        options={kinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        value={draft.kind}
        disabled={isDisabled}
        onChange={(value) => onChange({ kind: kinds.find((kind) => kind === value) ?? 'none' })}
      />
      {draft.kind === 'up-to' ? (
        <TextField
          label={t('pointsOf', { name })}
          labelHidden
          placeholder={t('points')}
          value={draft.points}
          inputMode="numeric"
          autoComplete="off"
          maxLength={12}
          disabled={isDisabled}
          suffix={t('points')}
          {...(problem === undefined ? {} : { error: t(`problems.${problem}`, { most: formats.count(MOST_ADJUSTED_POINTS) }) })}
          onChange={(points) => onChange({ points })}
        />
      ) : null}
    </InlineGrid>
  );
}
