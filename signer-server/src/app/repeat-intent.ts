import { OriginSignError } from '@originsign/core/errors/error';
import { explainDecision } from '@originsign/core/policy/explain';
import { lockHead } from '../log/head.ts';
import { listArtifacts } from '../store/artifacts.ts';
import type { RequestRow } from '../store/database.ts';
import { findRequest } from '../store/requests.ts';
import { transaction } from '../store/transaction.ts';
import type { Context } from './context.ts';
import { decide, linkedProject } from './decide.ts';
import { endRequest, type Ending } from './end-request.ts';
import { writeIntent } from './intent.ts';
import { expiry, lateDenial } from './late-endings.ts';
import { leaseIsOver } from './lease.ts';
import type { PreparedArtifact } from './prepare.ts';
import { signingKeyOf } from './signing-key.ts';
import { storedAsker, storedPrepared, storedStatement } from './stored-request.ts';

/**
 * Transaction B again: decides anew with the stored claims, then logs what became of the old INTENT and the new one, which hands
 * the same bytes to the HSM. `false` where the request is not to be signed: it ended, or somebody else works on it. Throws
 * `key.*` where a key or certificate no longer serves.
 */
export async function repeatIntent(context: Context, id: string): Promise<boolean> {
  const now = context.now();
  const outcome = await transaction(context.db, async (trx): Promise<'repeated' | 'left' | number> => {
    await lockHead(trx);
    const request = await findRequest(trx, id);
    if (request?.state !== 'signing' || !leaseIsOver(context, request)) return 'left';
    if (now > new Date(request.deadline)) return endRequest(trx, request, expiry(id), now);
    const prepared = storedPrepared(await listArtifacts(trx, id), context.keys());
    const denial = denialNow(context, request, prepared, now);
    if (denial !== undefined) return endRequest(trx, request, denial, now);
    for (const { key } of prepared) signingKeyOf(key, now);
    if (await writeIntent(trx, context, repetition(request, prepared))) return 'repeated';
    throw new OriginSignError('request.state', 'Another replica took the request over.');
  });
  if (typeof outcome === 'number') await context.publisher.durable(outcome + 1);
  return outcome === 'repeated';
}

function repetition(request: RequestRow, prepared: readonly PreparedArtifact[]): Parameters<typeof writeIntent>[2] {
  const { id, intent_index: index, intent_leaf: leaf, signing_time: signingTime, attempts } = request;
  if (index === null || leaf === null || signingTime === null) throw new TypeError('No INTENT to repeat.');
  const replaces = { index, leaf, attempts };
  return { id, statement: storedStatement(request), prepared, signingTime: new Date(signingTime), replaces };
}

/** The stored claims under the active policy, at the current time. A policy that now wants other keys allows it no longer. */
function denialNow(
  context: Context,
  request: RequestRow,
  prepared: readonly PreparedArtifact[],
  now: Date,
): Ending | undefined {
  const asker = storedAsker(request);
  const project = linkedProject(context.policies().projects, request.project, asker);
  const code = 'policy.denied';
  if (project?.policies.has(request.policy) !== true) {
    return lateDenial(request, { code, detail: 'The policy is no longer there.' });
  }
  const decision = decide(project, storedStatement(request), asker, now);
  const { trace } = decision;
  if (decision.decision === 'deny')
    return lateDenial(request, { code, detail: explainDecision(trace).join('\n'), trace });
  const { keys } = decision.requirements;
  if (prepared.every(({ format, key }) => keys.get(format.id) === key.label)) return undefined;
  const detail = 'The policy now names other keys than the ones that signing began with.';
  return lateDenial(request, { code, detail, trace });
}
