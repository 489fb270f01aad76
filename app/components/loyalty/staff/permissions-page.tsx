import { Banner, BlockStack, Card, Divider, Layout, List, Text } from '@shopify/polaris';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '#app/components/formats.tsx';
import { usePointsWords } from '#app/components/loyalty/members/use-points-words.ts';
import { SettingsForm } from '#app/components/settings-form.tsx';
import { OTHERS, readPermissionsDraft } from '#app/domain/staff/permissions.ts';
import type { DraftProblem, PermissionsDraft } from '#app/domain/staff/permissions.ts';
import { joinSentences } from '#app/domain/texts/join-sentences.ts';
import type { StaffPermissionsPage } from '#app/domain/staff/permissions-page.ts';
import type { PermissionsAnswer } from './permissions-answer.ts';
import { OthersRow, OwnerRow, StaffRow } from './permission-rows.tsx';
import { useStaffNames } from './use-staff-names.ts';

export interface PermissionsPageProps extends StaffPermissionsPage {
  isSaving: boolean;
  refusal: Extract<PermissionsAnswer, { outcome: 'refused' }>['reason'] | null;
  onSave: (wish: { draft: PermissionsDraft; formKey: string }) => void;
}

/** Who of the staff may adjust points by hand, up to how many, and who may change that. */
export function PermissionsPage(props: PermissionsPageProps) {
  const { draft: saved, staff, mayChange, isSaving, refusal, onSave } = props;
  const { t } = useTranslation('loyaltyStaff');
  const [edited, setEdited] = useState<{ draft: PermissionsDraft; formKey: string } | null>(null);
  const [problems, setProblems] = useState<Readonly<Record<string, DraftProblem>>>({});
  const draft = edited?.draft ?? saved;
  // Named anew with each change: sent twice, a form sets what it asks for once.
  const change = (next: PermissionsDraft) => {
    setEdited({ draft: next, formKey: crypto.randomUUID() });
    setProblems({});
  };
  const save = () => {
    const read = readPermissionsDraft(draft);
    if (!read.ok) setProblems(read.problems);
    else if (edited !== null) onSave(edited);
  };
  const others = { draft: draft.others, problem: problems[OTHERS], isDisabled: !mayChange };
  return (
    <SettingsForm
      saveBarId="staff-permissions-save-bar"
      words={{ save: t('save'), discard: t('discard'), failedTitle: t('saveFailedTitle'), failedText: t(`refusals.${refusal ?? 'failed'}`) }}
      isDirty={mayChange && JSON.stringify(draft) !== JSON.stringify(saved)}
      isSaving={isSaving}
      hasFailed={refusal !== null}
      onSave={save}
      onDiscard={() => {
        setEdited(null);
        setProblems({});
      }}
    >
      <Layout.Section>
        <BlockStack gap="400">
          <Standing {...props} />
          <Card>
            <BlockStack gap="400">
              <BlockStack gap="100">
                <Text as="h2" variant="headingMd">{t('people')}</Text>
                <Text as="p" tone="subdued">{t('peopleHelp')}</Text>
              </BlockStack>
              <OthersRow {...others} onChange={(ofOthers) => change({ ...draft, others: ofOthers })} />
              {staff.map((member) => {
                const own = draft.staff.find(({ staffId }) => staffId === member.staffId);
                return (
                  <Fragment key={member.staffId}>
                    <Divider />
                    {own === undefined ? (
                      <OwnerRow {...props} member={member} />
                    ) : (
                      <StaffRow
                        {...props}
                        member={member}
                        draft={own}
                        problem={problems[member.staffId]}
                        isDisabled={!mayChange}
                        onChange={(part) => change({ ...draft, staff: draft.staff.map((one) => (one === own ? { ...own, ...part } : one)) })}
                      />
                    )}
                  </Fragment>
                );
              })}
              <Divider />
              <Text as="p" tone="subdued">{t('covers')}</Text>
            </BlockStack>
          </Card>
          <HistoryCard {...props} />
        </BlockStack>
      </Layout.Section>
    </SettingsForm>
  );
}

/** What holds, and whether who looks may change it. */
function Standing({ changeNo, limitPoints, confirmation, mayChange }: StaffPermissionsPage) {
  const { t, i18n } = useTranslation('loyaltyStaff');
  const limit = usePointsWords()(limitPoints);
  if (confirmation !== 'confirmed') {
    const place = confirmation === 'refused' ? 'refused' : 'away';
    return (
      <Banner tone="warning" title={t(`${place}.title`)}>
        <p>{t(`${place}.text`)}</p>
      </Banner>
    );
  }
  if (changeNo > 0) {
    return (
      <Card>
        <Text as="p">{joinSentences(i18n.language, [t('set', { limit }), mayChange ? null : t('viewOnly')])}</Text>
      </Card>
    );
  }
  return (
    <Banner tone="info" title={t('notSet.title')}>
      <p>{joinSentences(i18n.language, [t('notSet.text', { limit }), mayChange ? t('notSet.ownersText') : t('viewOnly')])}</p>
    </Banner>
  );
}

function HistoryCard({ changes, staff, viewerId, timeZone }: StaffPermissionsPage) {
  const { t } = useTranslation('loyaltyStaff');
  const formats = useFormats();
  const pointsOf = usePointsWords();
  const nameOf = useStaffNames(staff, viewerId);
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">{t('history')}</Text>
        {changes.length === 0 ? (
          <Text as="p" tone="subdued">{t('historyEmpty')}</Text>
        ) : (
          <List>
            {changes.map(({ changeNo, subject, adjusting, mayChangeList, changedBy, changedAtMs }) => {
              const what = t(`whats.${adjusting.kind}`, { points: adjusting.kind === 'up-to' ? pointsOf(adjusting.points) : '' });
              const whole = mayChangeList ? t('whats.mayChangeToo', { what }) : what;
              return (
                <List.Item key={changeNo}>
                  <Text as="span" breakWord>
                    {t('change', { who: nameOf(changedBy), subject: subject === OTHERS ? t('everyoneElse') : nameOf(subject), what: whole })}
                  </Text>{' '}
                  <Text as="span" tone="subdued">{formats.instant(changedAtMs, timeZone)}</Text>
                </List.Item>
              );
            })}
          </List>
        )}
      </BlockStack>
    </Card>
  );
}
