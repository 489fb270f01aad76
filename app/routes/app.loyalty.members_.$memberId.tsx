import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import type { ShouldRevalidateFunctionArgs } from '@remix-run/react';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { TitleBar } from '@shopify/app-bridge-react';
import { Page } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

import { readMemberForm } from '#app/adapters/http/read-member-form.server.ts';
import { isAskingForNames, useCustomerNames } from '#app/components/customers/use-customer-names.ts';
import { AdjustDialog } from '#app/components/loyalty/members/adjust-dialog.tsx';
import type { MemberAnswer } from '#app/components/loyalty/members/member-answer.ts';
import { ExcludeDialog, MemberView } from '#app/components/loyalty/members/member-page.tsx';
import { useMemberChanges } from '#app/components/loyalty/members/use-member-changes.ts';
import { merchantContext } from '#app/context.server.ts';
import { adjustPoints } from '#app/services/loyalty/adjust-points.server.ts';
import { excludeMember } from '#app/services/loyalty/exclude-member.server.ts';
import { explainOrder } from '#app/services/loyalty/explain-order.server.ts';
import { openMember } from '#app/services/staff/open-member.server.ts';

const REFUSED: MemberAnswer = { outcome: 'refused', reason: 'failed' };

export async function loader({ request, params }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  const memberId = memberIdOf(params['memberId']);
  const query = new URL(request.url).searchParams;
  const asked = (query.get('order') ?? '').trim().slice(0, 60) || null;
  const before = /^\d{1,9}$/.test(query.get('before') ?? '') ? Number(query.get('before')) : null;
  const [member, answer] = await Promise.all([
    openMember(context, context, { memberId, before }),
    asked === null ? null : explainOrder(context, { words: asked, memberId }),
  ]);
  if (member === null) throw new Response(null, { status: 404 });
  return json({ member, answer, asked, isOlder: before !== null, staffId: context.staffId });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const memberId = memberIdOf(params['memberId']);
  const form = await readMemberForm(request);
  if (form === null) return json(REFUSED, { status: 400 });
  if (form.intent === 'adjust') {
    const adjusted = await adjustPoints(context, { ...form, memberId }, context);
    return adjusted.ok ? json<MemberAnswer>({ outcome: 'adjusted' }) : refuse(adjusted.reason);
  }
  const isExcluded = form.intent === 'exclude';
  const isDone = await excludeMember(context, { memberId, isExcluded, staffId: context.staffId });
  if (!isDone) return refuse('unknown-member');
  return json<MemberAnswer>({ outcome: isExcluded ? 'excluded' : 'included' });
}

/** Somebody of another shop and nobody at all are answered alike. */
function refuse(reason: Extract<MemberAnswer, { outcome: 'refused' }>['reason']) {
  return json<MemberAnswer>({ outcome: 'refused', reason }, { status: reason === 'unknown-member' ? 404 : 422 });
}

function memberIdOf(text = ''): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw new Response(null, { status: 404 });
  return BigInt(text);
}

export function shouldRevalidate({ formAction, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs): boolean {
  return !isAskingForNames(formAction) && defaultShouldRevalidate;
}

export default function LoyaltyMember() {
  const { t } = useTranslation('loyaltyMembers');
  const { member, answer, asked, isOlder, staffId } = useLoaderData<typeof loader>();
  const [, setSearch] = useSearchParams();
  const { state } = useNavigation();
  const { customerId, mergedInto, isExcluded } = member;
  const names = useCustomerNames(customerId === null ? [] : [customerId]);
  const name = customerId === null ? t(mergedInto === null ? 'forgotten' : 'merged') : (names[customerId] ?? t('member', { id: customerId }));
  const changes = useMemberChanges();
  const show = (parameter: string, value: string | null) =>
    setSearch(
      (known) => {
        if (value === null) known.delete(parameter);
        else known.set(parameter, value);
        return known;
      },
      { preventScrollReset: true },
    );
  const canChange = customerId !== null && mergedInto === null;
  return (
    <Page
      title={name}
      backAction={{ content: t('title'), url: '/app/loyalty/members' }}
      {...(canChange && member.adjustingRefusal === null ? { primaryAction: { content: t('actions.adjust'), onAction: () => changes.open('adjust') } } : {})}
      secondaryActions={
        canChange
          ? [
              { content: t('actions.customer'), url: `/app/customers/${customerId}` },
              isExcluded
                ? { content: t('actions.include'), onAction: () => changes.exclude(false) }
                : { content: t('actions.exclude'), onAction: () => changes.open('exclude') },
            ]
          : []
      }
    >
      <TitleBar title={name} />
      <MemberView
        {...member}
        {...{ answer, asked, isOlder, staffId }}
        isLoading={state === 'loading'}
        onAsk={(words) => show('order', words)}
        onPage={(before) => show('before', before === null ? null : String(before))}
      />
      <AdjustDialog
        key={changes.openDialog}
        isOpen={changes.openDialog === 'adjust'}
        {...member}
        isSaving={changes.isSaving}
        refusal={changes.refusal}
        onClose={changes.close}
        onConfirm={changes.adjust}
      />
      <ExcludeDialog isOpen={changes.openDialog === 'exclude'} isSaving={changes.isSaving} onClose={changes.close} onConfirm={() => changes.exclude(true)} />
    </Page>
  );
}
