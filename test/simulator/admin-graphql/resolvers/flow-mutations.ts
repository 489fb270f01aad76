import { objectArg, resolversOf, textArg } from '../resolver.ts';

export const flowMutations = resolversOf<unknown>({
  flowTriggerReceive: (_source, args, { platform, store }) => {
    const messages = platform.flow.receive(store.domain, textArg(args, 'handle') ?? '', { ...objectArg(args, 'payload') });
    return { userErrors: messages.map((message) => ({ field: ['payload'], message })) };
  },
});
