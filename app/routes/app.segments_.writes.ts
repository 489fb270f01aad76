import { json } from '@remix-run/node';
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';

import { readForm } from '#app/adapters/http/read-form.server.ts';
import { merchantContext } from '#app/context.server.ts';
import { TARGET_KINDS } from '#app/domain/segments/segment-target.ts';
import { log } from '#app/logging/log.server.ts';
import { loadWrittenSegments } from '#app/services/segments/write/load-written-segments.server.ts';
import { keepSegmentWrite, requestSegmentWrite, stopSegmentWrite, undoSegmentWrite } from '#app/services/segments/write/request-segment-write.server.ts';

// Longer than what is written, so that the merchant is told and not the form refused.
const textSchema = z.string().max(2_000);
const flagSchema = z.enum(['true', 'false']).transform((text) => text === 'true');
const targetSchema = { targetId: z.uuid() };
const formSchema = z.discriminatedUnion('intent', [
  z.object({
    ...{ intent: z.literal('write'), segmentKey: z.string().min(1).max(100), title: textSchema, kind: z.enum(TARGET_KINDS) },
    ...{ tag: textSchema, isKept: flagSchema, hasNative: flagSchema },
  }),
  z.object({ intent: z.enum(['stop', 'undo']), ...targetSchema }),
  z.object({ intent: z.literal('keep'), ...targetSchema, isKept: flagSchema }),
]);

/** `?segment=` whose place in Shopify is asked for. */
export async function loader({ request }: LoaderFunctionArgs) {
  const context = await merchantContext(request);
  return json({ written: await loadWrittenSegments(context, new URL(request.url).searchParams.get('segment') ?? '') });
}

export async function action({ request }: ActionFunctionArgs) {
  const context = await merchantContext(request);
  const form = await readForm(request, formSchema);
  if (form === null) return json({ outcome: 'refused', refusal: 'failed' } as const, { status: 400 });
  try {
    if (form.intent === 'write') {
      const asked = await requestSegmentWrite(context, form);
      return asked.ok ? json({ outcome: 'done' } as const) : json({ outcome: 'refused', refusal: asked.reason } as const, { status: 422 });
    }
    if (form.intent === 'keep') await keepSegmentWrite(context, form);
    else if (form.intent === 'stop') await stopSegmentWrite(context, form.targetId);
    else await undoSegmentWrite(context, form.targetId);
    return json({ outcome: 'done' } as const);
  } catch (error) {
    // The page stays as it is.
    log.error({ err: error, shopId: context.shop.shopId }, 'Writing a segment could not be changed');
    return json({ outcome: 'refused', refusal: 'failed' } as const, { status: 500 });
  }
}
