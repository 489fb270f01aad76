import { expect } from 'vitest';

/** What an answer must say about itself, by what was asked. */
export interface ExpectedAnswer {
  path: string;
  /** Who may frame it when it is a document; everything else is framed by nobody. */
  frameAncestors: string;
  /** Files of the build, which hold nothing of anybody. */
  isStatic?: boolean;
}

const NONCE = /'nonce-([A-Za-z0-9+/]{22}==)'/;

/** Names what is wrong about an answer's headers, and about scripts in it that its own policy does not let run. */
export function faultsOfAnswer(answer: Response, body: string, { path, frameAncestors, isStatic = false }: ExpectedAnswer): string[] {
  const { headers } = answer;
  const policy = directivesOf(headers.get('content-security-policy') ?? '');
  const isDocument = (headers.get('content-type') ?? '').startsWith('text/html');
  const faults: string[] = [];
  const must = (holds: boolean, fault: string) => void (holds || faults.push(fault));
  must(headers.get('x-content-type-options') === 'nosniff', 'may be sniffed');
  must(headers.get('referrer-policy') === 'strict-origin-when-cross-origin', 'tells its address to others');
  must(!headers.has('x-powered-by') && !headers.has('server'), 'says what made it');
  must(isStatic || headers.get('cache-control') === 'no-store', `may be stored: ${headers.get('cache-control')}`);
  must(!isStatic || /^public, max-age=\d+/.test(headers.get('cache-control') ?? ''), 'a file is not stored');
  must(!headers.has('access-control-allow-credentials'), 'lets cookies of others in');
  must(!headers.has('access-control-allow-origin') || path.startsWith('/api/'), 'is open to other origins');
  must(policy.get('base-uri') === "'none'", 'takes another base');
  must(policy.get('frame-ancestors') === (isDocument ? frameAncestors : "'none'"), `is framed by ${policy.get('frame-ancestors')}`);
  if (!isDocument) {
    must(policy.get('default-src') === "'none'" && policy.get('form-action') === "'none'", 'is data that may act');
    return faults;
  }
  must(policy.get('default-src') === "'self'" && policy.get('object-src') === "'none'", 'lets objects in');
  must(policy.get('form-action') === "'self'", 'sends forms elsewhere');
  const scripts = policy.get('script-src') ?? '';
  const nonce = NONCE.exec(scripts)?.[1];
  must(nonce !== undefined, 'has no nonce');
  must(!/unsafe|strict-dynamic|\*|https?:(?!\/)|data:/.test(scripts), `scripts from anywhere: ${scripts}`);
  const without = (body.match(/<script\b[^>]*>/g) ?? []).filter((tag) => !tag.includes(`nonce="${nonce}"`));
  must(without.length === 0, `scripts without the nonce: ${without.join(' ')}`);
  must(!/\son[a-z]+=|href="javascript:/i.test(body.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')), 'handlers in its markup');
  return faults;
}

/** The nonce of a document's policy, which no two documents share. */
export function nonceOf(answer: Response): string | undefined {
  return NONCE.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
}

function directivesOf(policy: string): Map<string, string> {
  const directives = new Map<string, string>();
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/\s+/);
    expect(directives.has(name), `${name} stands twice`).toBe(false);
    directives.set(name, sources.join(' '));
  }
  return directives;
}
