import { checkBranchOrTagRef, conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';

/**
 * Load rules for allow rules on Azure Pipelines. Repository and project are pinned by the ids that the project links. A rule
 * must also pin the pipeline definition, a branch or tag ref, and something besides the job's token, whose audience it shares
 * with every service that exchanges tokens of Azure DevOps: the service connection, or a client certificate.
 */
export function checkAzureRule(rule: RuleView): readonly RuleProblem[] {
  const on = (claim: string) => conditionsOn(rule, claim);
  return [
    ...(on('azure.def_id').some(isExact)
      ? []
      : [
          {
            message: 'the rule does not name the pipeline',
            hint: 'add azure.def_id: {is: "42"}, the definitionId of its page',
          },
        ]),
    ...checkBranchOrTagRef(rule, 'azure.rpo_ref'),
    ...checkSecondProof(rule),
  ];
}

function checkSecondProof(rule: RuleView): readonly RuleProblem[] {
  const exact = ['azure.service_connection', 'azure.service_connection_id', 'certificate.authority'];
  if (exact.some((claim) => conditionsOn(rule, claim).some(isExact))) return [];
  return [
    {
      message:
        'the rule relies on the token of the job alone, whose audience other services accept too: what they get, they could send here',
      hint: 'add azure.service_connection_id: {is: …} or azure.service_connection: {is: "sc://organization/project/connection"} of a connection that only signs, or certificate.authority: {is: …}',
    },
  ];
}
